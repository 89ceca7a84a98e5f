// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/superaccumulator_bytes.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/exact/superaccumulator.hpp>
#include <lastbit/oracle/real.hpp>

#include "exact/rounded_away.hpp"
#include "properties.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>
#include <vector>

using namespace lastbit;
using lastbit_tests::check_property;
using oracle::real;
using bytes = std::vector<std::byte>;

namespace {

/// One term: x, or x y. Formats take the bits that they need.
struct term {
    std::uint64_t x = 0, y = 0;
    bool product = false;
};

[[maybe_unused]] std::ostream& operator<<(std::ostream& out, term const& t) {
    out << std::hex << t.x;
    if (t.product) out << " * " << t.y;
    return out << std::dec;
}

/// Any bits; the zeros come often, and what is not finite as often as its bits. In the upper half, so that they are
/// the leading ones of each format.
rc::Gen<std::uint64_t> number_bits() {
    return rc::gen::weightedOneOf<std::uint64_t>(
        {{8, rc::gen::map(rc::gen::inRange<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max()),
                          [](std::uint64_t x) {
                              return philox4x64({x, 0, 0, 0}, {1, 2})[0];
                          })},
         {1, rc::gen::element(std::uint64_t{0}, std::uint64_t{1} << 63)}});
}

rc::Gen<std::vector<term>> terms() {
    return rc::gen::container<std::vector<term>>(rc::gen::build<term>(
        rc::gen::set(&term::x, number_bits()), rc::gen::set(&term::y, number_bits()), rc::gen::set(&term::product)));
}

template <class T>
T number(std::uint64_t bits) {
    return from_bits<T>(static_cast<typename format<T>::bits_type>(bits >> (64 - format<T>::storage_bits)));
}

template <class T, class Wide = T>
void add(superaccumulator<Wide>& a, term const& t) {
    auto const x = detail::convert<Wide>(number<T>(t.x)), y = detail::convert<Wide>(number<T>(t.y));
    if (t.product) a.add_product(x, y);
    else a.add(x);
}

template <class T, class Wide = T>
superaccumulator<Wide> sum_of(std::vector<term> const& terms) {
    superaccumulator<Wide> a;
    for (term const& t : terms) add<T>(a, t);
    return a;
}

/// An exact allocation, so that the address sanitizer sees a read behind the end.
template <class T>
superaccumulator<T> read(bytes const& b) {
    bytes const exact(b.begin(), b.end());
    return superaccumulator<T>::from_bytes(exact, "f");
}

template <class T>
bool accepts(bytes const& b) {
    try {
        (void)read<T>(b);
        return true;
    } catch (format_error const& error) {
        if (error.offset() > b.size()) FAIL("offset beyond the bytes: " << error.what());
        return false;
    }
}

template <class T>
std::string refusal(bytes const& b) {
    try {
        (void)read<T>(b);
    } catch (format_error const& error) {
        return error.what();
    }
    return "accepted";
}

std::string hex(bytes const& b) {
    std::string text;
    for (std::byte const x : b)
        for (unsigned const digit : {std::to_integer<unsigned>(x) / 16, std::to_integer<unsigned>(x) % 16})
            text += "0123456789abcdef"[digit];
    return text;
}

bytes from_hex(std::string const& text) {
    bytes b;
    for (std::size_t k = 0; k + 1 < text.size(); k += 2)
        b.push_back(static_cast<std::byte>(std::stoi(text.substr(k, 2), nullptr, 16)));
    return b;
}

unsigned at(bytes const& b, std::size_t k) { return std::to_integer<unsigned>(b.at(k)); }

/// Sets n and the checksum right again.
void repair(bytes& b, bool length = true) {
    std::size_t const n = b.size() - 20;
    if (length) {
        b[14] = static_cast<std::byte>(n & 0xFF);
        b[15] = static_cast<std::byte>((n >> 8) & 0xFF);
    }
    std::uint32_t const crc = detail::checksum(std::span(b).first(b.size() - 4));
    for (std::size_t k = 0; k < 4; ++k) b[b.size() - 4 + k] = static_cast<std::byte>((crc >> (8 * k)) & 0xFF);
}

/// The value of states 0 to 5, read as docs/superaccumulator-bytes.md says.
real value_of(bytes const& b) {
    int const q = static_cast<int>(at(b, 12) + 256 * at(b, 13)) - (at(b, 13) >= 128 ? 65536 : 0);
    real value;
    for (std::size_t k = 0; k < at(b, 14) + 256 * at(b, 15); ++k)
        value += real(static_cast<double>(at(b, 16 + k))).scaled(8 * (q + static_cast<int>(k)));
    return at(b, 10) == 5 ? -value : value;
}

bool finite(bytes const& b) { return at(b, 10) <= 5; }

}  // namespace

TEST_CASE("bytes: golden encodings, which no version of the library may change", "[exact][bytes]") {
    auto const check = [](auto const& a, std::string const& golden) {
        CHECK(hex(a.to_bytes()) == golden);
        CHECK(std::decay_t<decltype(a)>::from_bytes(from_hex(golden)).to_bytes() == from_hex(golden));
    };
    auto const of = []<class T>(std::vector<T> const& x) {
        superaccumulator<T> a;
        for (T const& t : x) a.add(t);
        return a;
    };
    auto const product = []<class T>(T x, T y) {
        superaccumulator<T> a;
        a.add_product(x, y);
        return a;
    };
    double const inf = infinity<double>();
    check(superaccumulator<double>(), "934c4153544249540104000000000000ac6afc5c");
    check(of(std::vector{0.0F, 0.0F}), "934c415354424954010301000000000087870752");
    check(of(std::vector{bfloat16(-0.0)}), "934c415354424954010102000000000000e40c43");
    check(of(std::vector{float16(1), float16(-1)}), "934c4153544249540102030000000000382db8b9");
    check(of(std::vector{inf, 1.0}), "934c4153544249540104060000000000b189a58a");
    check(of(std::vector{0.0, -inf}), "934c4153544249540104070000000000145af941");
    check(product(0.0F, infinity<float>()), "934c41535442495401030800000000004fd60875");
    check(of(std::vector<double>(10, 0.1)), "934c41535442495401040400f9ff0800040000000000000105739c12");
    check(product(negate(largest<float16>()), largest<float16>()), "934c415354424954010205000100030004c0ff23949543");
    check(product(negate(smallest_subnormal<float>()), smallest_subnormal<float>()),
          "934c41535442495401030500daff01004034909d3f");
    check(product(largest<bfloat16>(), largest<bfloat16>()), "934c415354424954010104001e00020001fe2f3b1af0");
}

TEMPLATE_TEST_CASE("bytes: the value is the exact sum, read as the document says", "[exact][bytes]", float, double,
                   bfloat16, float16) {
    check_property(300, [] {
        auto const list = *terms();
        auto const b = sum_of<TestType>(list).to_bytes();
        if (!finite(b)) return;
        real exact;
        for (term const& t : list) {
            real const x(number<TestType>(t.x));
            exact += t.product ? x * real(number<TestType>(t.y)) : x;
        }
        RC_ASSERT(value_of(b) == exact);
        RC_ASSERT(b.size() == 20 + at(b, 14) + 256 * at(b, 15));
    });
}

TEMPLATE_TEST_CASE("bytes: what is read rounds, grows and is written as what was written", "[exact][bytes]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    check_property(500, [] {
        auto a = sum_of<T>(*terms());
        auto const b = a.to_bytes();
        auto c = superaccumulator<T>::from_bytes(b);
        auto const alike = [&] {
            for (rounding const d : lastbit_tests::all_directions)
                if (to_bits(a.round(d)) != to_bits(c.round(d))) return false;
            return a.sign() == c.sign() && (a <=> a) == (a <=> c);
        };
        RC_ASSERT(alike());
        RC_ASSERT(c.to_bytes() == b);
        auto const more = *terms();
        for (term const& t : more) {
            add<T>(a, t);
            add<T>(c, t);
        }
        RC_ASSERT(alike());
        RC_ASSERT(a.to_bytes() == c.to_bytes());
    });
}

TEMPLATE_TEST_CASE("bytes: any order and any grouping give the same bytes, through files or not", "[exact][bytes]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    check_property(500, [] {
        auto list = *terms();
        auto const b = sum_of<T>(list).to_bytes();
        random_stream random(*rc::gen::arbitrary<std::uint64_t>());
        for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
        std::vector<superaccumulator<T>> parts(1 + random.below(6));
        for (term const& t : list) add<T>(parts[random.below(parts.size())], t);
        while (parts.size() > 1) {
            std::swap(parts.back(), parts[random.below(parts.size())]);
            auto const last = parts.back();
            parts.pop_back();
            auto& other = parts[random.below(parts.size())];
            if (random.below(2) == 0) other.merge(last);
            else other.merge(superaccumulator<T>::from_bytes(last.to_bytes()));
        }
        RC_ASSERT(parts[0].to_bytes() == b);
    });
}

TEMPLATE_TEST_CASE("bytes: arrays added at once give the bytes of their terms added one by one", "[exact][bytes]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    random_stream random(6);
    for (std::size_t trial = 0; trial < lastbit_tests::trials(300); ++trial) {
        // Exponents within a window, a few terms of any bits, zeros, and terms that cancel those before them.
        std::size_t const n = random.below(1500);
        std::uint64_t const window = random.bits() | (std::uint64_t{0xF} << 60) >> random.below(12) | 1;
        std::uint64_t const odd = random.below(3) == 0 ? 0 : 1 + random.below(1000);
        std::vector<T> x, y;
        for (std::size_t i = 0; i < n; ++i) {
            x.push_back(number<T>((random.bits() & window) >> 2 | (random.bits() >> 63) << 63));
            y.push_back(number<T>(random.bits() >> 2 | (random.bits() >> 63) << 63));
            if (odd != 0 && random.below(odd) == 0) x.back() = number<T>(random.bits());
            if (odd != 0 && random.below(odd) == 0) x.back() = random.below(2) == 0 ? T(0) : negate(T(0));
            if (i > 0 && random.below(4) == 0) {
                x.back() = negate(x[i - 1]);
                y.back() = y[i - 1];
            }
        }
        superaccumulator<T> sum, terms, dot, products;
        sum.add(x);
        dot.add_product(x, y);
        for (std::size_t i = 0; i < n; ++i) {
            terms.add(x[i]);
            products.add_product(x[i], y[i]);
        }
        REQUIRE((sum.to_bytes() == terms.to_bytes() && dot.to_bytes() == products.to_bytes()));
    }
}

TEMPLATE_TEST_CASE("bytes: two sums that differ in the last bit of the smallest product differ", "[exact][bytes]",
                   float, double, bfloat16, float16) {
    using T = TestType;
    check_property(300, [] {
        auto a = sum_of<T>(*terms());
        auto const b = a.to_bytes();
        if (!finite(b)) return;
        a.add_product(smallest_subnormal<T>(), smallest_subnormal<T>());
        RC_ASSERT(a.to_bytes() != b);
        a.add_product(negate(smallest_subnormal<T>()), smallest_subnormal<T>());
        RC_ASSERT(value_of(a.to_bytes()) == value_of(b));
    });
}

TEST_CASE("bytes: equal sums of other terms have equal bytes", "[exact][bytes]") {
    auto const of = [](std::vector<double> const& x) {
        superaccumulator<double> a;
        a.add(x);
        return a.to_bytes();
    };
    double const inf = infinity<double>(), nan = canonical_nan<double>();
    CHECK(of({1, -1}) == of({0.0, -0.0}));
    CHECK(of({1, -1}) == of({-0.0, 3, -3}));
    CHECK(of({0.5, 0.5, -0.0}) == of({1}));
    CHECK(of({inf, 1e308}) == of({inf, -0.0}));
    CHECK(of({inf, -inf}) == of({nan, 1}));
    for (auto const& x : std::vector<std::vector<double>>{{}, {0.0}, {-0.0}, {1, -1}})  // four kinds of zero
        for (auto const& y : std::vector<std::vector<double>>{{}, {0.0}, {-0.0}, {1, -1}})
            CHECK((of(x) == of(y)) ==
                  (&x == &y || (x.size() == y.size() && (x.empty() || to_bits(x[0]) == to_bits(y[0])))));
}

TEMPLATE_TEST_CASE("merge: a sum of a narrower format is that of the widened terms", "[exact][bytes]", float, bfloat16,
                   float16) {
    check_property(300, [] {
        auto const list = *terms(), before = *terms();
        auto wide = sum_of<double>(before), expected = wide;
        wide.merge(sum_of<TestType>(list));
        expected.merge(sum_of<TestType, double>(list));
        RC_ASSERT(wide.to_bytes() == expected.to_bytes());
    });
}

TEMPLATE_TEST_CASE("bytes: the head-room of 2^64 products is used to its end, and no further", "[exact][bytes]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    for (T const sign : {T(1), T(-1)}) {
        superaccumulator<T> a;
        a.add_product(is_negative(sign) ? negate(largest<T>()) : largest<T>(), largest<T>());
        for (int doubling = 0; doubling < 64; ++doubling) a.merge(superaccumulator<T>(a));
        CHECK(read<T>(a.to_bytes()).to_bytes() == a.to_bytes());
        a.merge(superaccumulator<T>(a));
        CHECK_THAT(refusal<T>(a.to_bytes()), Catch::Contains("out of range: sums of " + std::string(format<T>::name)));
    }
    superaccumulator<T> least;
    least.add_product(smallest_subnormal<T>(), smallest_subnormal<T>());
    bytes b = least.to_bytes();
    REQUIRE(accepts<T>(b));
    REQUIRE(b.size() == 21);
    if (at(b, 16) > 1) {  // half of it
        b[16] = static_cast<std::byte>(at(b, 16) / 2);
    } else {
        b[16] = std::byte{0x80};
        b[12] = static_cast<std::byte>(at(b, 12) - 1);
    }
    repair(b);
    CHECK_THAT(refusal<T>(b), Catch::Contains("offset 12: digits out of range: " + std::string(format<T>::name)));
}

TEMPLATE_TEST_CASE("bytes: no truncation, no extension and no flipped bit is accepted", "[exact][bytes]", float, double,
                   bfloat16, float16) {
    using T = TestType;
    check_property(30, [] {
        bytes const b = sum_of<T>(*terms()).to_bytes();
        for (std::size_t size = 0; size < b.size(); ++size)
            RC_ASSERT(!accepts<T>(bytes(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(size))));
        bytes longer = b;
        for (int k = 0; k < 5; ++k) {
            longer.push_back(k < 3 ? std::byte{0} : b[0]);
            RC_ASSERT(!accepts<T>(longer));
        }
        for (std::size_t bit = 0; bit < 8 * b.size(); ++bit) {
            bytes flipped = b;
            flipped[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
            RC_ASSERT(!accepts<T>(flipped));
        }
    });
}

TEMPLATE_TEST_CASE("bytes: what is accepted, however it was made, is what would be written", "[exact][bytes]", float,
                   double, bfloat16, float16) {
    using T = TestType;
    random_stream random(5);
    std::size_t accepted = 0, refused = 0;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(20000); ++trial) {
        superaccumulator<T> a;
        for (std::size_t k = random.below(4); k > 0; --k) a.add(number<T>(random.bits()));
        bytes b = a.to_bytes();
        for (std::size_t k = random.below(4); k > 0; --k)
            b[9 + random.below(b.size() - 9)] = static_cast<std::byte>(random.below(3) == 0 ? 0 : random.below(256));
        if (random.below(4) == 0) b.insert(b.end() - 4, random.below(700), static_cast<std::byte>(random.below(256)));
        if (random.below(2) == 0) b[10] = static_cast<std::byte>(random.below(10));
        b[11] = random.below(30) == 0 ? std::byte{1} : std::byte{0};
        if (random.below(3) != 0) b[9] = static_cast<std::byte>(detail::sum_code<T>);
        repair(b);
        bool const good = accepts<T>(b);
        ++(good ? accepted : refused);
        if (good) REQUIRE(hex(read<T>(b).to_bytes()) == hex(b));
        bytes noise(random.below(64));  // and bytes that are nothing
        for (std::byte& x : noise) x = static_cast<std::byte>(random.below(256));
        REQUIRE(!accepts<T>(noise));
    }
    CHECK((accepted > refused / 20 && refused > accepted / 20));
}

TEST_CASE("bytes: the error names what is wrong, and where", "[exact][bytes]") {
    superaccumulator<double> a;
    a.add(0x1.01p0);
    bytes const good = a.to_bytes();  // the digits 1, 1 at place -1
    REQUIRE(good.size() == 22);
    auto const changed = [&good](std::size_t offset, unsigned to, bool repaired = true) {
        bytes b = good;
        b.at(offset) = static_cast<std::byte>(to);
        if (repaired) repair(b, false);
        return refusal<double>(b);
    };
    CHECK(refusal<double>(good) == "accepted");
    CHECK(refusal<double>({}) == "f: offset 0: too short: 0 bytes, the header alone has 16");
    CHECK(changed(0, 'P') == "f: offset 0: no superaccumulator: the first eight bytes are not \\x93LASTBIT");
    CHECK(changed(8, 2, false) == "f: offset 8: version 2 is not known; known is 1");
    CHECK(refusal<double>(bytes(good.begin(), good.begin() + 10)) ==
          "f: offset 10: too short: 10 bytes, the header alone has 16");
    CHECK(refusal<double>(bytes(good.begin(), good.end() - 1)) ==
          "f: offset 21: too short: 21 bytes, its length says 22");
    bytes longer = good;
    longer.push_back(std::byte{0});
    CHECK(refusal<double>(longer) == "f: offset 22: too long: 23 bytes, its length says 22");
    CHECK(changed(16, 3, false) == "f: offset 18: the checksum is wrong: the bytes are damaged");
    CHECK(changed(9, 3) == "f: offset 9: holds a sum of float32, wanted is one of float64");
    CHECK(refusal<bfloat16>(good) == "f: offset 9: holds a sum of float64, wanted is one of bfloat16");
    CHECK(changed(9, 0) == "f: offset 9: format 0 is not known");
    CHECK(changed(9, 5) == "f: offset 9: format 5 is not known");
    CHECK(changed(10, 9) == "f: offset 10: state 9 is not known");
    CHECK(changed(11, 1) == "f: offset 11: not canonical: this byte is 0");
    CHECK(changed(10, 6) == "f: offset 12: not canonical: a sum that is zero or not finite has no digits");
    CHECK(changed(16, 0) == "f: offset 16: not canonical: the first digit is 0");
    CHECK(changed(17, 0) == "f: offset 17: not canonical: the last digit is 0");
    CHECK(changed(13, 0x7F) == "f: offset 12: digits out of range: sums of float64 lie below 2^2112");
    CHECK(changed(13, 0x80) == "f: offset 12: digits out of range: float64 has no products below 2^-2148");
    bytes empty = superaccumulator<double>().to_bytes();
    empty[10] = std::byte{4};
    repair(empty);
    CHECK(refusal<double>(empty) == "f: offset 14: not canonical: a sum that is not zero has digits");
    empty[10] = std::byte{3};
    empty[12] = std::byte{1};
    repair(empty);
    CHECK(refusal<double>(empty) == "f: offset 12: not canonical: a sum that is zero or not finite has no digits");
    CHECK_THROWS_WITH(superaccumulator<double>::from_bytes(longer), Catch::StartsWith("superaccumulator: "));
}

TEST_CASE("checksum: CRC-32 of the usual check value", "[exact][bytes]") {
    std::string const text = "123456789";
    CHECK(detail::checksum(std::as_bytes(std::span(text))) == 0xCBF43926U);
}
