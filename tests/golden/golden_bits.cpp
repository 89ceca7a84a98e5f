// SPDX-License-Identifier: BSL-1.0
// Compares the bits of every function, method and format with a file of hashes.
//
//   golden_bits FILE             prints what differs; exit status 1 if anything does
//   golden_bits --write FILE     writes the file. A changed hash is a changed promise: say why in CHANGELOG.md.
//   --ftz, --upward              with the caller's environment flushing subnormals or rounding upward; results must not
//                                change, and the environment must come back as it was
//
// Lines: function, method, format and hash, separated by tabs.

#include "runs.hpp"

#include <cfenv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>

#if defined(__SSE2__)
#    include <xmmintrin.h>
#endif

namespace {

#if defined(__SSE2__)
unsigned read_control() { return _mm_getcsr() & 0xFFC0U; }
void flush_subnormals() { _mm_setcsr(_mm_getcsr() | 0x8040U); }
#elif defined(__aarch64__)
unsigned read_control() {
    std::uint64_t control;
    asm volatile("mrs %0, fpcr" : "=r"(control));
    return static_cast<unsigned>(control);
}
void flush_subnormals() {
    std::uint64_t const control = read_control() | (1U << 24);
    asm volatile("msr fpcr, %0" : : "r"(control));
}
#endif

std::string text_of(golden::row const& r) {
    char hash[32];
    std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(r.hash));
    return r.function + "\t" + r.method + "\t" + r.format + "\t" + hash;
}

/// Lines of the file by all but the hash.
std::map<std::string, std::string> read(char const* path) {
    std::map<std::string, std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (auto const tab = line.rfind('\t'); tab != std::string::npos) lines[line.substr(0, tab)] = line;
    return lines;
}

int compare(std::vector<golden::row> const& rows, char const* path) {
    auto expected = read(path);
    int differences = 0;
    for (golden::row const& r : rows) {
        std::string const line = text_of(r);
        std::string const key = line.substr(0, line.rfind('\t'));
        auto const found = expected.find(key);
        if (found == expected.end() || found->second != line) {
            std::printf("differs: %s (%s)\n", line.c_str(),
                        found == expected.end() ? "not in the file" : found->second.c_str());
            ++differences;
        }
        if (found != expected.end()) expected.erase(found);
    }
    for (auto const& [key, line] : expected) {
        std::printf("missing: %s\n", line.c_str());
        ++differences;
    }
    std::printf("%zu hashes, %d differences\n", rows.size(), differences);
    return differences == 0 ? 0 : 1;
}

int write(std::vector<golden::row> const& rows, char const* path) {
    std::ofstream file(path);
    for (golden::row const& r : rows) file << text_of(r) << '\n';
    file.close();
    return file.good() ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
    bool writes = false;
    char const* path = nullptr;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--write") == 0) writes = true;
        else if (std::strcmp(argv[i], "--ftz") == 0) flush_subnormals();
        else if (std::strcmp(argv[i], "--upward") == 0) std::fesetround(FE_UPWARD);
        else path = argv[i];
    }
    if (path == nullptr) {
        std::fprintf(stderr, "usage: golden_bits [--write] [--ftz] [--upward] FILE\n");
        return 2;
    }
    unsigned const before = read_control();
    std::vector<golden::row> rows;
    for (auto const make : {golden::rows_of_float, golden::rows_of_double, golden::rows_of_bfloat16,
                            golden::rows_of_float16, golden::rows_of_expansions}) {
        auto made = make();
        rows.insert(rows.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
    }
    if (read_control() != before) {
        std::printf("the kernels left another floating-point environment: %#x, not %#x\n", read_control(), before);
        return 1;
    }
    return writes ? write(rows, path) : compare(rows, path);
}
