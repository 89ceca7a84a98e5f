// SPDX-License-Identifier: BSL-1.0
// libFuzzer target: bytes that are no .npy file must give a format_error and nothing else. Built by hand, with Clang:
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I include tests/io/fuzz/fuzz_npy.cpp -lzip -o
//   fuzz_npy mkdir corpus && cp tests/io/data/*.npy corpus && ./fuzz_npy -max_total_time=600 -malloc_limit_mb=64 corpus

#include <lastbit/io/npy.hpp>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = std::as_bytes(std::span(data, size));
    try {
        static_cast<void>(lastbit::io::read_npy(bytes, "input"));
    } catch (lastbit::io::format_error const&) {
    }
    return 0;
}
