// SPDX-License-Identifier: BSL-1.0
#pragma once
// A shared library that is opened at run time, and what it says of itself.

#include <dlfcn.h>

#include <string>

namespace program {

/// A function of the library; null if it has none of that name.
template <class Function>
[[nodiscard]] Function* symbol(void* handle, char const* name) {
    return reinterpret_cast<Function*>(dlsym(handle, name));
}

/// The library's handle; null, and why, in one line, if it cannot be opened.
[[nodiscard]] void* open_library(std::string const& file, std::string& problem);

/// "openblas", "blis", "mkl", "flexiblas", "atlas", "armpl", told from the symbols that it exports; "refblas" where none
/// of these is there: `libblas.so.3` alone may be any of them.
[[nodiscard]] std::string family_of(void* handle);

/// What the library says of itself, else the name of its file.
[[nodiscard]] std::string version_of(void* handle, std::string const& family, std::string const& path);

/// The file that holds a function, links resolved.
[[nodiscard]] std::string file_of(void const* address);

}  // namespace program
