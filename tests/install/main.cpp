// SPDX-License-Identifier: BSL-1.0
// The program of each consumer: prints a sum that the plain loop gets wrong.

#include <lastbit/lastbit.hpp>

#include <cstdio>
#include <vector>

int main() {
    std::vector<double> const x{1.0, 1e100, 1.0, -1e100};
    std::printf("%g %g\n", lastbit::sum<lastbit::plain, lastbit::sequential>(x), lastbit::sum<lastbit::neumaier>(x));
}
