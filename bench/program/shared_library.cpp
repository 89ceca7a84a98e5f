// SPDX-License-Identifier: BSL-1.0
#include "shared_library.hpp"

#include <array>
#include <filesystem>

namespace program {

void* open_library(std::string const& file, std::string& problem) {
    void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle != nullptr) return handle;
    char const* const text = dlerror();
    problem = text != nullptr ? text : "cannot be loaded";
    return nullptr;
}

std::string family_of(void* handle) {
    constexpr std::array<std::array<char const*, 2>, 6> marks{{{"openblas_get_config", "openblas"},
                                                               {"bli_info_get_version_str", "blis"},
                                                               {"mkl_get_version_string", "mkl"},
                                                               {"flexiblas_get_version", "flexiblas"},
                                                               {"ATL_buildinfo", "atlas"},
                                                               {"armplversion", "armpl"}}};
    for (auto const& [name, family] : marks)
        if (dlsym(handle, name) != nullptr) return family;
    return "refblas";
}

std::string version_of(void* handle, std::string const& family, std::string const& path) {
    if (auto* const config = symbol<char const*()>(handle, "openblas_get_config");
        family == "openblas" && config != nullptr)
        return config();
    if (auto* const text = symbol<char const*()>(handle, "bli_info_get_version_str");
        family == "blis" && text != nullptr)
        return std::string("BLIS ") + text();
    return std::filesystem::path(path).filename().string();
}

std::string file_of(void const* address) {
    Dl_info info{};
    if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) return {};
    std::error_code error;
    auto const path = std::filesystem::canonical(info.dli_fname, error);
    return error ? std::string(info.dli_fname) : path.string();
}

}  // namespace program
