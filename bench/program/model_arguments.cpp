// SPDX-License-Identifier: BSL-1.0
#include "model_arguments.hpp"

namespace program {

void add_model_options(CLI::App& command, std::string& activation, std::string& output_activation,
                       std::string& layout) {
    command
        .add_option("--activation", activation, "between the layers, where the file names none: relu, tanh, gelu ...")
        ->type_name("NAME");
    command
        .add_option("--output-activation", output_activation, "after the last layer (default: the file's, else linear)")
        ->type_name("NAME");
    command.add_option("--layout", layout, "how weights are stored: out_in (PyTorch) or in_out (Keras kernels)")
        ->type_name("out_in|in_out")
        ->check(CLI::IsMember({"out_in", "in_out"}).description(""));
}

}  // namespace program
