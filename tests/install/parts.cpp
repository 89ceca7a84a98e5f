// SPDX-License-Identifier: BSL-1.0
// Uses each part: linked to lastbit::io, lastbit::oracle and lastbit::catch2.

#include <lastbit/io.hpp>
#include <lastbit/multiprecision.hpp>
#include <lastbit/oracle.hpp>
#include <lastbit/testing.hpp>

int main() {
    try {
        (void)lastbit::io::read_npz("a file that does not exist");
    } catch (lastbit::io::format_error const&) {
        return 0;
    }
    return 1;
}
