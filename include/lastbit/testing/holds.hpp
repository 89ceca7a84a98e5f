// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matcher: a property holds.

#include <lastbit/testing/matcher.hpp>

#include <iosfwd>
#include <string>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// What a check of a property returns: it converts to bool explicitly, and says by `<<` what was found.
/// Counter-example: bool, which says nothing.
template <class X>
concept printable_result = std::is_class_v<X> && requires(X const& x, std::ostream& os) {
    static_cast<bool>(x);
    os << x;
};

/// See holds().
class property_matcher final : public matcher<property_matcher> {
public:
    template <printable_result X>
    [[nodiscard]] bool match(X const& result) const {
        return static_cast<bool>(result);
    }

    /// The finding is the result itself, which the framework prints.
    [[nodiscard]] std::string expectation() const { return "holds"; }
};

/// CHECK_THAT(result, holds()): the property holds; if not, the framework prints the result, which says what was found.
/// The same as CHECK(result) in Catch2; GoogleTest's EXPECT_TRUE(result) would not print it.
[[nodiscard]] inline property_matcher holds() { return {}; }

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
