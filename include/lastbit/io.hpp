// SPDX-License-Identifier: BSL-1.0
#pragma once
// Facade of io/: arrays in .npy, .npz and .safetensors files. Needs libzip and nlohmann-json: link lastbit::io.
//
// A hostile file gives a format_error: never a crash, never an allocation that its own size does not warrant.

#include <lastbit/io/array.hpp>
#include <lastbit/io/error.hpp>
#include <lastbit/io/file.hpp>
#include <lastbit/io/npy.hpp>
#include <lastbit/io/npy_header.hpp>
#include <lastbit/io/npz.hpp>
#include <lastbit/io/safetensors.hpp>
#include <lastbit/io/safetensors_header.hpp>
