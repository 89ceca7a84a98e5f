// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/detection_power.hpp>

#include <catch2/catch.hpp>

#include <trials.hpp>

#include <algorithm>
#include <iostream>

using namespace lastbit;
using namespace lastbit::quantify;
using lastbit_tests::trials;

namespace {

std::vector<float> gaussian(std::size_t n, std::uint64_t seed) {
    random_stream r(seed);
    std::vector<float> x;
    for (std::size_t i = 0; i < n; ++i) {
        double s = -6;
        for (int j = 0; j < 12; ++j) s += r.uniform();
        x.push_back(static_cast<float>(s));
    }
    return x;
}

float in_sequence(std::vector<float> const& x, std::vector<float> const& y) {
    float s = 0;
    for (std::size_t l = 0; l < x.size(); ++l) s = add(s, mul(x[l], y[l]));
    return s;
}

product dot_of(std::vector<float> const& x, std::vector<float> const& y) {
    product p;
    p.a = operand(array_view{number_format::float32, x.data(), 1, 1, x.size()});
    p.b = operand(array_view{number_format::float32, y.data(), 1, y.size(), 1, 0, 1, 0});
    return p;
}

array_view one(float const& x) { return {number_format::float32, &x}; }

fault_power of(std::vector<fault_power> const& power, std::string const& tag) {
    auto const found = std::find_if(power.begin(), power.end(), [&](fault_power const& f) { return f.tag == tag; });
    REQUIRE(found != power.end());
    return *found;
}

}  // namespace

TEST_CASE("detection_power: a lost product is noticed as often as is said", "[quantify][detection_power]") {
    product_demand likely;
    likely.what = product_demand::kind::likely;
    likely.probability = 1 - 0x1p-30;
    for (product_demand const& demand : {product_demand{}, likely})
        for (std::size_t const n : {std::size_t{256}, std::size_t{2048}, std::size_t{16384}}) {
            std::vector<float> x = gaussian(n, n);
            std::vector<float> const y = gaussian(n, n + 1);
            product const p = dot_of(x, y);
            float const good = in_sequence(x, y);
            REQUIRE(judge(p, one(good), demand).passed());
            fault_power const said = of(detection_power(p, one(good), demand, 2000, 7), "dropped_product");
            CHECK(said.sample == 2000);
            CHECK(said.of_one_element);

            // Really lost, at other places, and summed without it.
            std::size_t const injected = std::max<std::size_t>(trials(n > 10000 ? 100 : 400), 50);
            std::size_t caught = 0;
            random_stream r(n + 2);
            for (std::size_t i = 0; i < injected; ++i) {
                std::size_t const l = r.below(n);
                float const kept = x[l];
                x[l] = 0;
                float const faulty = in_sequence(x, y);
                x[l] = kept;
                caught += judge(p, one(faulty), demand).passed() ? 0U : 1U;
            }
            double const share = static_cast<double>(caught) / static_cast<double>(injected);
            // Two samples of one probability: within four standard deviations, of at least one count.
            double const q = std::clamp((said.share + share) / 2, 1 / static_cast<double>(injected), 0.5);
            double const deviation = std::sqrt(q * (1 - q) * (1 / static_cast<double>(injected) + 1.0 / 2000));
            CAPTURE(n, said.share, share);
            CHECK(std::fabs(said.share - share) <= 4 * deviation);
            std::cout << "n = " << n << (demand.what == product_demand::kind::bound ? ", bound" : ", sqrt(n) rule")
                      << ": a lost product is noticed in " << 100 * said.share << " % (said), " << 100 * share
                      << " % (injected)\n";
        }
}

TEST_CASE("detection_power: faults of the whole kernel", "[quantify][detection_power]") {
    std::vector<float> const x = gaussian(512, 3);
    std::vector<float> const y = gaussian(512, 4);
    product p;
    p.a = operand(array_view{number_format::float32, x.data(), 1, 16, 32, 0, 32, 1});
    p.b = operand(array_view{number_format::float32, y.data(), 1, 32, 16, 0, 16, 1});
    std::vector<float> c(256);
    auto const multiply = [&](auto const& narrowed) {
        for (std::size_t i = 0; i < 16; ++i)
            for (std::size_t j = 0; j < 16; ++j) {
                float s = 0;
                for (std::size_t l = 0; l < 32; ++l) s = add(s, mul(narrowed(x[i * 32 + l]), narrowed(y[l * 16 + j])));
                c[i * 16 + j] = s;
            }
    };
    array_view const got{number_format::float32, c.data(), 1, 16, 16, 0, 16, 1};
    multiply([](float z) { return z; });
    std::vector<fault_power> const power = detection_power(p, got, {});
    for (number_format const f : {number_format::tf32, number_format::bfloat16, number_format::float16}) {
        fault_power const said = of(power, std::string(name(f)) + "_inputs");
        multiply([f](float z) { return static_cast<float>(rounded(f, double{z})); });
        product_judgment const faulty = judge(p, got, {});
        CAPTURE(said.tag, said.noticed, said.sample, faulty.failing);
        CHECK((said.share > 0) == !faulty.passed());
        double const q = static_cast<double>(faulty.failing) / 256;
        double const share = static_cast<double>(said.noticed) / static_cast<double>(said.sample);
        CHECK(std::fabs(share - q) <= 4 * std::sqrt(0.25 / static_cast<double>(said.sample)));
    }
    CHECK(power_text(power).find("one product is lost: ") == 0);
    CHECK(power_text(power).find("A and B were rounded to tf32") != std::string::npos);
}

TEST_CASE("detection_power: nothing to say of an empty product, or of a refused demand",
          "[quantify][detection_power]") {
    std::vector<float> const none;
    float const zero = 0;
    CHECK(detection_power(dot_of(none, none), one(zero), {}).empty());
    std::vector<float> const x(300, 1.0F);
    product p = dot_of(x, x);
    p.held = number_format::bfloat16;
    float const sum = 300;
    CHECK(detection_power(p, one(sum), {}).empty());
}
