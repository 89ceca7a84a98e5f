// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"

#include "user_error.hpp"

#include <lastbit/io/safetensors.hpp>

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>

namespace program {
namespace {

using lastbit::activation;
namespace io = lastbit::io;

/// The tensors of one layer, by what the file calls them.
struct layer_names {
    std::string weight, bias;
};

/// "dense_12.bias" -> {"dense_", 12, "bias"}; "0.weight" -> {"", 0, "weight"}.
struct tensor_name {
    std::string stem;
    std::size_t index;
    std::string part;
};

std::optional<tensor_name> parse_name(std::string const& name) {
    auto const dot = name.find('.');
    if (dot == std::string::npos || dot == 0) return std::nullopt;
    std::string const stem = name.starts_with("dense_") ? "dense_" : "", part = name.substr(dot + 1);
    std::size_t index = 0;
    auto const [end, error] = std::from_chars(name.data() + stem.size(), name.data() + dot, index);
    if (error != std::errc() || end != name.data() + dot) return std::nullopt;
    if (name.substr(0, dot) != stem + std::to_string(index)) return std::nullopt;  // dense_00
    if (part != "weight" && part != "kernel" && part != "bias") return std::nullopt;
    return tensor_name{stem, index, part};
}

[[noreturn]] void fail(std::string const& path, std::string const& text) { throw user_error(path + ": " + text); }

/// The layers in order, by their index; no other tensor may be there.
std::map<std::size_t, layer_names> find_layers(io::safetensors const& file, std::string const& path,
                                               std::string& stem) {
    constexpr auto expected =
        "a network of dense layers has the names dense_K.weight and dense_K.bias, or K.weight and K.bias";
    std::map<std::size_t, layer_names> layers;
    std::set<std::string> stems;
    std::vector<std::string> names;
    for (auto const& [name, tensor] : file.tensors) names.push_back(name);
    for (auto const& [name, type] : file.unsupported) names.push_back(name);
    if (names.empty()) fail(path, fmt::format("holds no tensors; {}", expected));
    for (auto const& name : names) {
        auto const parsed = parse_name(name);
        if (!parsed) fail(path, fmt::format("tensor {} belongs to no dense layer; {}", in_quotes(name), expected));
        stems.insert(stem = parsed->stem);
        auto& entry = layers[parsed->index];
        auto& place = parsed->part == "bias" ? entry.bias : entry.weight;
        if (stems.size() > 1 || !place.empty())
            fail(path, fmt::format("{} names a tensor that is there already; {}", in_quotes(name), expected));
        place = name;
    }
    return layers;
}

void check_complete(std::map<std::size_t, layer_names> const& layers, std::string const& stem,
                    std::string const& path) {
    std::size_t next = 0;
    for (auto const& [index, names] : layers) {
        if (index != next && (!stem.empty() || next == 0))
            fail(path, fmt::format("{}{}.weight is missing: layers count from 0 without a gap", stem, next));
        if (names.weight.empty())
            fail(path, fmt::format("{}{}.weight is missing, {} is there", stem, index, names.bias));
        if (names.bias.empty())
            fail(path, fmt::format("{}{}.bias is missing; give a layer without a bias one of zeros", stem, index));
        next = index + 1;
    }
}

std::string shape_of(io::array const& tensor) { return shape_text(tensor.shape()); }

/// The values as float32: exact, since float16 and bfloat16 widen exactly and nothing else is taken.
std::vector<float> values_of(io::safetensors const& file, std::string const& name, std::size_t rank,
                             std::string& format, std::string const& path) {
    io::array const& tensor = file.at(name);
    if (!tensor.holds<float>() && !tensor.holds<lastbit::float16>() && !tensor.holds<lastbit::bfloat16>())
        fail(path, fmt::format("{} is {}; the report is about float32: store the weights as F32, F16 or BF16", name,
                               io::name(tensor.type())));
    if (tensor.rank() != rank || tensor.size() == 0)
        fail(path, fmt::format("{} has the shape {}; a dense layer has a weight of two dimensions and a bias of one, "
                               "not empty",
                               name, shape_of(tensor)));
    if (format.empty() || format == "float32") format = io::name(tensor.type());
    auto values = tensor.as<float>();
    for (std::size_t k = 0; k < values.size(); ++k)
        if (!lastbit::is_finite(values[k]))
            fail(path, fmt::format("{} holds {} at element {} of {}; such a network has no exact output", name,
                                   lastbit::is_nan(values[k]) ? "NaN" : "an infinity", k, values.size()));
    return values;
}

std::vector<float> transposed(std::vector<float> const& values, std::size_t rows, std::size_t cols) {
    std::vector<float> result(values.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j) result[j * rows + i] = values[i * cols + j];
    return result;
}

/// "linear, relu, ... and softmax".
std::string activation_names() {
    std::string names;
    for (int k = 0; k <= static_cast<int>(activation::softmax); ++k) {
        auto const act = static_cast<activation>(k);
        if (k > 0) names += act == activation::softmax ? " and " : ", ";
        names += lastbit::name(act);
    }
    return names;
}

activation parse_activation(std::string const& text, std::string const& where) {
    auto const found = lastbit::activation_from_name(text);
    if (!found)
        throw user_error(
            fmt::format("{}: activation {} is not known; known are {}", where, in_quotes(text), activation_names()));
    return *found;
}

std::optional<std::string> metadata(io::safetensors const& file, char const* key) {
    auto const found = file.metadata.find(key);
    return found == file.metadata.end() ? std::nullopt : std::optional(found->second);
}

/// The command line first, then the file; nothing where neither speaks.
std::optional<activation> choose(std::optional<std::string> const& option, char const* flag,
                                 io::safetensors const& file, char const* key, std::string const& path) {
    if (option) return parse_activation(*option, flag);
    auto const stored = metadata(file, key);
    return stored ? std::optional(parse_activation(*stored, path)) : std::nullopt;
}

weight_layout choose_layout(model_options const& options, io::safetensors const& file, layer_names const& first,
                            std::string const& path) {
    if (options.layout) return *options.layout;
    if (auto const stored = metadata(file, "layout")) {
        if (*stored != "in_out" && *stored != "out_in")
            fail(path, fmt::format("layout {} in the metadata is not known; say --layout in_out or --layout out_in",
                                   in_quotes(*stored)));
        return *stored == "in_out" ? weight_layout::in_out : weight_layout::out_in;
    }
    return first.weight.ends_with(".kernel") ? weight_layout::in_out : weight_layout::out_in;
}

/// [out x in] of a weight as it lies in the file.
std::pair<std::size_t, std::size_t> oriented(io::array const& weight, weight_layout layout) {
    auto const& shape = weight.shape();
    return layout == weight_layout::out_in ? std::pair(shape[0], shape[1]) : std::pair(shape[1], shape[0]);
}

/// The other layout may be what is meant: advice for a message.
std::string advice(weight_layout layout) {
    return layout == weight_layout::out_in
               ? "if the file stores kernels [in, out] as Keras does, say --layout in_out"
               : "if the file stores weights [out, in] as PyTorch does, say --layout out_in";
}

/// One file on its way to a network.
struct loader {
    io::safetensors const& file;
    std::string const& path;
    weight_layout layout;
    std::string format;  ///< of the weights
    std::vector<lastbit::dense<float>> layers;

    void add(layer_names const& names, activation act) {
        auto weight = values_of(file, names.weight, 2, format, path);
        auto bias = values_of(file, names.bias, 1, format, path);
        auto const shape = shape_of(file.at(names.weight));
        auto const [out, in] = oriented(file.at(names.weight), layout);
        if (!layers.empty() && in != layers.back().outputs())
            fail(path, fmt::format("{} of shape {} takes {} inputs, the layer before it has {} outputs; {}",
                                   names.weight, shape, in, layers.back().outputs(), advice(layout)));
        if (bias.size() != out)
            fail(path, fmt::format("{} has {} elements, {} of shape {} has {} outputs; {}", names.bias, bias.size(),
                                   names.weight, shape, out, advice(layout)));
        if (layout == weight_layout::in_out) weight = transposed(weight, in, out);
        layers.emplace_back(std::move(weight), out, in, std::move(bias), act);
    }
};

}  // namespace

model_options given_options(std::string const& activation, std::string const& output_activation,
                            std::string const& layout) {
    model_options result;
    if (!activation.empty()) result.activation = activation;
    if (!output_activation.empty()) result.output_activation = output_activation;
    if (!layout.empty()) result.layout = layout == "in_out" ? weight_layout::in_out : weight_layout::out_in;
    return result;
}

loaded_model load_model(std::string const& path, model_options const& options) {
    auto const file = io::read_safetensors(path);
    std::string stem;
    auto const found = find_layers(file, path, stem);
    check_complete(found, stem, path);
    auto const hidden = choose(options.activation, "--activation", file, "activation", path);
    auto const last = choose(options.output_activation, "--output-activation", file, "output_activation", path);
    if (!hidden && found.size() > 1)
        fail(path, "the metadata name no activation; say which one stands between layers, e.g. --activation relu");

    loaded_model model;
    loader load{file, path, choose_layout(options, file, found.begin()->second, path), {}, {}};
    for (auto entry = found.begin(); entry != found.end(); ++entry) {
        auto const next = std::next(entry);
        bool const is_last = next == found.end();
        bool const adjacent = stem.empty() && !is_last && next->first == entry->first + 1;
        if (adjacent)
            model.notes.push_back(fmt::format("no module lies between {} and {}: no activation there",
                                              entry->second.weight, next->second.weight));
        load.add(entry->second, is_last ? last.value_or(activation::linear) : adjacent ? activation::linear : *hidden);
    }
    if (load.format != "float32")
        model.notes.push_back(
            fmt::format("the weights are {}; they were widened to float32, which is exact, and all rows "
                        "compute in float32",
                        load.format));
    model.weights = load.format;
    model.network = lastbit::network<float>(std::move(load.layers));
    return model;
}

}  // namespace program
