// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/joint_explanation.hpp>

#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>

#include <memory>

using namespace lastbit;
using namespace lastbit::quantify;

namespace {

/// Dot products of whole numbers, each by a kernel, with what is needed to judge them.
class outputs {
public:
    template <class Kernel>
    outputs(std::vector<std::size_t> const& lengths, Kernel kernel) {
        random_stream r(1);
        for (std::size_t const n : lengths) {
            std::vector<float> x;
            std::vector<float> y;
            for (std::size_t l = 0; l < n; ++l) x.push_back(static_cast<float>(1 + r.below(100)));
            for (std::size_t l = 0; l < n; ++l) y.push_back(static_cast<float>(1 + r.below(100)));
            auto made = std::make_unique<one>();
            made->asked.a = operand(array_view{number_format::float32, x.data(), 1, 1, n});
            made->asked.b = operand(array_view{number_format::float32, y.data(), 1, n, 1, 0, 1, 0});
            made->got = kernel(x, y);
            all_.push_back(std::move(made));
        }
    }

    [[nodiscard]] std::optional<explanation> explained() const {
        std::vector<judged_output> judged;
        for (std::unique_ptr<one> const& o : all_) {
            array_view const got{number_format::float32, &o->got};
            product_demand d;
            d.what = product_demand::kind::correctly_rounded;
            evidence seen{o->asked, got};
            judged.push_back(judged_output{std::move(seen), judge(o->asked, got, d)});
        }
        return explain(judged);
    }

private:
    struct one {
        product asked;
        float got = 0;
    };
    std::vector<std::unique_ptr<one>> all_;
};

/// The sum of the products of the places that are kept.
template <class Keeps>
auto keeping(Keeps keeps) {
    return [keeps](std::vector<float> const& x, std::vector<float> const& y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l)
            if (keeps(l, x.size())) s += x[l] * y[l];
        return s;
    };
}

std::string tag_of(outputs const& o) {
    auto const e = o.explained();
    return e ? e->tag : std::string();
}

std::vector<std::size_t> const lengths{1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 33};

}  // namespace

TEST_CASE("explain, jointly: outputs of other lengths tell one fault from another", "[quantify][joint_explanation]") {
    CHECK(tag_of(outputs(lengths, keeping([](std::size_t l, std::size_t n) { return l + 1 < n; }))) ==
          "last_product_missing");
    CHECK(tag_of(outputs(lengths, keeping([](std::size_t l, std::size_t) { return l > 0; }))) ==
          "first_product_missing");
    CHECK(tag_of(outputs(lengths, keeping([](std::size_t l, std::size_t n) { return l < n / 8 * 8; }))) ==
          "missing_tail");
    CHECK(tag_of(outputs(lengths, keeping([](std::size_t l, std::size_t) { return l % 4 != 3; }))) == "missing_lane");
    CHECK(tag_of(outputs(lengths, keeping([](std::size_t, std::size_t) { return false; }))) == "all_products_missing");
}

TEST_CASE("explain, jointly: one product alone does not tell the last from the first",
          "[quantify][joint_explanation]") {
    auto const e = outputs({1, 1, 1}, keeping([](std::size_t, std::size_t) { return false; })).explained();
    REQUIRE(e);
    CHECK_FALSE(e->alternatives.empty());
}

TEST_CASE("explain, jointly: an output that passed speaks against a fault", "[quantify][joint_explanation]") {
    // From 16 on only: no fault of every length, so the lengths that passed are set aside.
    auto const o = outputs(lengths, keeping([](std::size_t l, std::size_t n) { return n < 16 || l + 1 < n; }));
    CHECK(tag_of(o) == "last_product_missing");
}

TEST_CASE("explain, jointly: right outputs, and outputs that nothing predicts, are not explained",
          "[quantify][joint_explanation]") {
    CHECK(tag_of(outputs(lengths, keeping([](std::size_t, std::size_t) { return true; }))).empty());
    CHECK(tag_of(outputs({}, keeping([](std::size_t, std::size_t) { return true; }))).empty());
    auto const absurd = [](std::vector<float> const& x, std::vector<float> const&) {
        return 12345.0F + 17.0F * static_cast<float>(x.size());
    };
    CHECK(tag_of(outputs(lengths, absurd)).empty());
}
