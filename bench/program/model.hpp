// SPDX-License-Identifier: BSL-1.0
#pragma once
// A network of dense layers out of a .safetensors file, whoever wrote it.
//
// Names: `dense_K.weight` (or `dense_K.kernel`, as Keras says) and `dense_K.bias`, K from 0 without a gap; or those of
// PyTorch's Sequential, `K.weight` and `K.bias`, where a K that is left out stands for an activation.

#include <lastbit/nn/network.hpp>

#include <optional>
#include <string>
#include <vector>

namespace program {

/// How the file stores weights: [out x in] as PyTorch, or [in x out] as Keras.
enum class weight_layout { out_in, in_out };

/// What the command line says of the model; the file's metadata otherwise.
struct model_options {
    std::optional<std::string> activation, output_activation;
    std::optional<weight_layout> layout;
};

/// Options as they are typed, where an empty text says nothing; the layout "out_in" or "in_out".
[[nodiscard]] model_options given_options(std::string const& activation, std::string const& output_activation,
                                          std::string const& layout);

struct loaded_model {
    lastbit::network<float> network;
    std::string weights;             ///< the format in the file: "float32", "float16", "bfloat16"
    std::vector<std::string> notes;  ///< what a reader of the results should know
};

/// Reads the model.
/// Error: user_error, or io::format_error: a file that cannot be read, a tensor that is missing, superfluous or of
///        another type, shapes that do not chain, an unknown or missing activation, a weight that is not finite.
[[nodiscard]] loaded_model load_model(std::string const& path, model_options const& options);

}  // namespace program
