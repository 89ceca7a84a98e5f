// SPDX-License-Identifier: BSL-1.0
// Calls both halves of the program, the high one only where the processor has its instructions (argument: 1 if so).

#include <cstddef>
#include <cstdio>
#include <cstring>

struct answers {
    std::size_t width;
    double sum, dot, gemm, narrow;
};
extern "C" answers probe_low(double const* data, std::size_t n);
extern "C" answers probe_high(double const* data, std::size_t n);

int main(int argc, char** argv) {
    double data[100];
    for (int i = 0; i < 100; ++i) data[i] = 1.0 / (i + 1);
    answers const low = probe_low(data, 100);
    std::printf("%zu", low.width);
    if (argc > 1 && std::strcmp(argv[1], "1") == 0) {
        answers const high = probe_high(data, 100);
        bool const same = std::memcmp(&low.sum, &high.sum, sizeof(answers) - offsetof(answers, sum)) == 0;
        std::printf(" %zu %s", high.width, same ? "same bits" : "other bits");
    }
    std::printf("\n");
}
