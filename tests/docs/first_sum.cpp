// SPDX-License-Identifier: BSL-1.0
#include <lastbit/lastbit.hpp>

#include <cstdio>
#include <vector>

int main() {
    using namespace lastbit;
    std::vector<float> const x(1'000'000, 0.1F);  // a million times 0.1: a hundred thousand
    std::printf("plain, one after the other  %.2f\n", sum<plain, sequential>(x));
    std::printf("plain, 32 lanes             %.2f\n", sum<plain, lanes<>>(x));
    std::printf("plain, pairwise             %.2f\n", sum<plain, pairwise<>>(x));
    std::printf("widened<double>             %.2f\n", sum<widened<double>>(x));
    std::printf("compensated<2>              %.2f\n", sum<compensated<2>>(x));
    std::printf("correctly rounded           %.2f\n", sum(x));
}
