// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the examination of a kernel found: faults with names, what was tried, and what could have been noticed.

#include <lastbit/quantify/detection_power.hpp>
#include <lastbit/testing/kernel.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// One thing that is wrong.
struct verification_finding {
    std::string tag;        ///< a word for programs: "tf32_inputs", "missing_tile", "nan_swallowed", "unexplained"
    std::string text;       ///< for people: the case and what is wrong with it
    std::size_t cases = 1;  ///< in so many cases the same was found
};

/// The outcome of verify_dot, verify_gemm and their kin; usable as a condition, and printed by test frameworks.
struct verification {
    kernel_kind kind = kernel_kind::gemm;
    number_format in = number_format::float32;
    number_format out = number_format::float32;
    std::vector<verification_finding> findings{};
    std::size_t cases = 0;     ///< outputs judged
    std::size_t unproven = 0;  ///< of them the bound proves nothing: too many terms for the format sums are held in
    double worst_ratio = 0;    ///< largest error / bound of any order of summation, of random data
    std::vector<quantify::fault_power> power{};  ///< what the bound would have noticed on Gaussian data

    [[nodiscard]] bool passed() const noexcept { return findings.empty(); }
    [[nodiscard]] explicit operator bool() const noexcept { return passed(); }

    /// The tag of the first finding; empty if there is none.
    [[nodiscard]] std::string fault() const { return findings.empty() ? std::string() : findings.front().tag; }

    /// What was found, a paragraph for each fault, the first in full.
    [[nodiscard]] std::string text() const {
        std::string s = std::string(name(kind)) + " " + std::string(quantify::name(in)) + " -> " +
                        std::string(quantify::name(out)) + ", " + std::to_string(cases) + " cases: ";
        if (findings.empty()) {
            s += "nothing wrong";
            return power.empty() ? s : s + "; on Gaussian data the bound would have noticed: " + power_text(power);
        }
        s += std::to_string(findings.size()) + (findings.size() == 1 ? " fault" : " faults");
        for (verification_finding const& f : findings) {
            s += "\n* " + f.tag;
            if (f.cases > 1) s += " (" + std::to_string(f.cases) + " cases)";
            s += ": " + f.text;
        }
        return s;
    }

    template <class Char>
    friend std::basic_ostream<Char>& operator<<(std::basic_ostream<Char>& stream, verification const& v) {
        return stream << v.text();
    }
};

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
