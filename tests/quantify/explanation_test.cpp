// SPDX-License-Identifier: BSL-1.0
#include <lastbit/quantify/explanation.hpp>

#include "quantify/faulty_kernels.hpp"
#include "trials.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lastbit;
using namespace lastbit_tests;
using quantify::product_demand;
using quantify::rounded;

namespace {

constexpr number_format f32 = number_format::float32;
constexpr number_format f64 = number_format::float64;
constexpr number_format bf16 = number_format::bfloat16;
constexpr number_format f16 = number_format::float16;
constexpr number_format tf32 = number_format::tf32;

/// A fault: what it is to be called, and the element (batch, i, j) of a kernel that has it.
struct fault {
    std::string tag;
    std::function<double(problem const&, std::size_t, std::size_t, std::size_t)> element;
};

/// In sequence, in float, of the products whose factors `change` alters first.
template <class F>
auto with_terms(F change) {
    return [change](problem const& p, std::size_t batch, std::size_t i, std::size_t j) {
        float s = 0;
        for (std::size_t l = 0; l < p.k; ++l) {
            double a = p.A(i, l, batch);
            double b = p.B(l, j, batch);
            change(p, l, a, b);
            s += static_cast<float>(a) * static_cast<float>(b);
        }
        return finish(p, s, batch, i, j);
    };
}

/// Whether products from .. to - 1 are missing.
auto without(std::function<bool(problem const&, std::size_t)> is_missing) {
    return with_terms([is_missing](problem const& p, std::size_t l, double& a, double&) {
        if (is_missing(p, l)) a = 0;
    });
}

double cut(number_format f, double x) {
    double const y = rounded(f, x);
    if (std::fabs(y) <= std::fabs(x)) return y;
    return std::copysign(std::fabs(y) - std::ldexp(1.0, std::ilogb(x) - quantify::precision(f) + 1), x);
}

/// Sums in a format, products rounded to it, in lanes added up in halves.
auto in_lanes(number_format f, std::size_t lanes, bool fused = false) {
    return [f, lanes, fused](problem const& p, std::size_t batch, std::size_t i, std::size_t j) {
        numbers s(lanes, 0.0);
        for (std::size_t l = 0; l < p.k; ++l) {
            double const ab = p.A(i, l, batch) * p.B(l, j, batch);
            s[l % lanes] = rounded(f, s[l % lanes] + (fused ? ab : rounded(f, ab)));
        }
        for (std::size_t half = lanes / 2; half > 0; half /= 2)
            for (std::size_t x = 0; x < half; ++x) s[x] = rounded(f, s[x] + s[x + half]);
        return finish(p, static_cast<float>(s[0]), batch, i, j);
    };
}

product_demand likely() {
    product_demand d{product_demand::kind::likely};
    d.probability = 0.999;
    return d;
}

std::vector<fault> faults_of_terms() {
    return {
        {"tf32_inputs",
         with_terms([](auto&, std::size_t, double& a, double& b) { a = rounded(tf32, a), b = rounded(tf32, b); })},
        {"bfloat16_inputs",
         with_terms([](auto&, std::size_t, double& a, double& b) { a = rounded(bf16, a), b = rounded(bf16, b); })},
        {"bfloat16_inputs_a", with_terms([](auto&, std::size_t, double& a, double&) { a = rounded(bf16, a); })},
        {"tf32_inputs_truncated",
         with_terms([](auto&, std::size_t, double& a, double& b) { a = cut(tf32, a), b = cut(tf32, b); })},
        {"bfloat16_inputs_truncated",
         with_terms([](auto&, std::size_t, double& a, double& b) { a = cut(bf16, a), b = cut(bf16, b); })},
        {"last_product_missing", without([](problem const& p, std::size_t l) { return l + 1 == p.k; })},
        {"first_product_missing", without([](problem const&, std::size_t l) { return l == 0; })},
        {"last_product_twice", with_terms([](problem const& p, std::size_t l, double& a, double&) {
             if (l + 1 == p.k) a *= 2;
         })},
        {"missing_tail", without([](problem const& p, std::size_t l) { return l >= p.k - p.k % 8; })},
        {"missing_tail", without([](problem const& p, std::size_t l) { return l >= p.k - p.k % 32; })},
        {"missing_tile", without([](problem const& p, std::size_t l) { return l < 16 && p.k > 16; })},
        {"missing_part", without([](problem const& p, std::size_t l) { return l >= (p.k + 2) / 3 * 2; })},
        {"tail_twice", with_terms([](problem const& p, std::size_t l, double& a, double&) {
             if (l >= p.k - 16 && l < p.k - p.k % 16) a *= 2;
         })},
        {"wrong_sign", with_terms([](auto&, std::size_t, double& a, double&) { a = -a; })},
        {"product_twice", with_terms([](auto&, std::size_t, double& a, double&) { a *= 2; })},
        {"transposed_b",
         [](problem const& p, std::size_t batch, std::size_t i, std::size_t j) {
             float s = 0;
             for (std::size_t l = 0; l < p.k; ++l)
                 s += static_cast<float>(p.A(i, l)) * static_cast<float>(p.b[j * p.k + l]);
             return finish(p, s, batch, i, j);
         }},
        {"transposed_a",
         [](problem const& p, std::size_t batch, std::size_t i, std::size_t j) {
             float s = 0;
             for (std::size_t l = 0; l < p.k; ++l)
                 s += static_cast<float>(p.a[l * p.m + i]) * static_cast<float>(p.B(l, j));
             return finish(p, s, batch, i, j);
         }},
        {"transposed_c",
         [](problem const& p, std::size_t, std::size_t i, std::size_t j) {
             std::size_t const place = i * p.n + j;
             return finish(p, dot(p, 0, place % p.m, place / p.m, 0, p.k), 0, place % p.m, place / p.m);
         }},
    };
}

}  // namespace

TEST_CASE("explain: faults of the terms, on random numbers and on integers, short and long",
          "[quantify][explanation]") {
    for (data const kind : {data::gaussian, data::integers})
        for (std::size_t const k : {61U, 333U, 2013U}) {
            if (kind == data::integers && k > 600) continue;
            problem const p = make_problem(kind, f32, f32, 13, 9, k, 7 + k);
            for (fault const& f : faults_of_terms()) {
                numbers const c =
                    each(p, [&](std::size_t batch, std::size_t i, std::size_t j) { return f.element(p, batch, i, j); });
                finding x = examine(p, c);
                if (x.failing == 0) x = examine(p, c, likely());  // the bound is too wide for it
                CAPTURE(k, static_cast<int>(kind), f.tag, x.text, x.gain, x.failing, x.alternatives);
                if (kind == data::integers && f.tag.find("inputs") != std::string::npos) {
                    CHECK(x.names(f.tag));  // B is not altered, and float16 holds these integers as TF32 does
                    continue;
                }
                CHECK(x.tag == f.tag);
            }
        }
}

TEST_CASE("explain: sums in a narrower format, by their bits", "[quantify][explanation]") {
    struct narrow {
        std::string tag;
        number_format f;
        std::size_t lanes;
        bool fused;
    };
    for (std::size_t const k : {61U, 333U, 2013U})
        for (narrow const& x : {narrow{"bfloat16_sums", bf16, 1, false}, narrow{"bfloat16_sums", bf16, 8, false},
                                narrow{"bfloat16_sums", bf16, 1, true}, narrow{"float16_sums", f16, 1, false},
                                narrow{"float16_sums", f16, 16, true}}) {
            problem const p = make_problem(data::gaussian, x.f, f32, 13, 9, k, 17 + k);
            auto const element = in_lanes(x.f, x.lanes, x.fused);
            finding const found =
                examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) { return element(p, b, i, j); }));
            CAPTURE(k, x.lanes, x.fused, found.text, found.gain, found.alternatives, found.failing);
            CHECK(found.tag == x.tag);
            CHECK(found.text.find("not known") == std::string::npos);
        }
    problem const p = make_problem(data::gaussian, f64, f64, 13, 9, 333, 5);
    finding const found = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                                      float s = 0;
                                      for (std::size_t l = 0; l < p.k; ++l)
                                          s = static_cast<float>(s + p.A(i, l, b) * p.B(l, j, b));
                                      return static_cast<double>(s);
                                  }));
    CAPTURE(found.text);
    CHECK(found.tag == "float32_sums");
}

TEST_CASE("explain: sums in a narrower format, in an order that nothing predicts", "[quantify][explanation]") {
    for (std::size_t const k : {333U, 2013U}) {
        problem const p = make_problem(data::gaussian, bf16, f32, 13, 9, k, 27 + k);
        finding const found = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                                          numbers s;
                                          for (std::size_t l = 0; l < p.k; ++l)
                                              s.push_back(rounded(bf16, p.A(i, l, b) * p.B(l, j, b)));
                                          for (std::size_t step = 3; s.size() > 1; step += 4) {  // now here, now there
                                              std::size_t const x = step * 7 % (s.size() - 1);
                                              s[x] = rounded(bf16, s[x] + s.back());
                                              s.pop_back();
                                          }
                                          return s[0];
                                      }));
        CAPTURE(found.tag, found.text, found.gain, found.alternatives);
        CHECK(found.tag == "bfloat16_sums");
    }
}

TEST_CASE("explain: alpha, beta, C0, bias, activation", "[quantify][explanation]") {
    struct scaled {
        std::string tag;
        std::function<void(problem&)> asked;
        std::function<void(problem&)> computed;
    };
    std::vector<scaled> const faults{
        {"beta_ignored", [](problem& p) { p.beta = 0.5; }, [](problem& p) { p.beta = 0; }},
        {"beta_as_one", [](problem& p) { p.beta = 0.5; }, [](problem& p) { p.beta = 1; }},
        {"alpha_ignored", [](problem& p) { p.alpha = 1.5; }, [](problem& p) { p.alpha = 1; }},
        {"alpha_on_old", [](problem& p) { p.alpha = 1.5, p.beta = 2; }, [](problem& p) { p.beta = 3; }},
        {"missing_bias", [](problem& p) { p.has_bias = true; }, [](problem& p) { p.has_bias = false; }},
        {"bias_twice", [](problem& p) { p.has_bias = true; },
         [](problem& p) {
             for (double& x : p.bias) x *= 2;
         }},
        {"shifted_bias", [](problem& p) { p.has_bias = true; },
         [](problem& p) { p.bias.erase(p.bias.begin()), p.bias.push_back(0); }},
        {"missing_activation", [](problem& p) { p.act = activation::relu; },
         [](problem& p) { p.act = activation::linear; }},
        {"missing_activation", [](problem& p) { p.act = activation::gelu; },
         [](problem& p) { p.act = activation::linear; }},
        {"wrong_activation", [](problem& p) { p.act = activation::gelu; },
         [](problem& p) { p.act = activation::gelu_tanh; }},
        {"wrong_activation", [](problem&) {}, [](problem& p) { p.act = activation::relu; }},
    };
    for (data const kind : {data::gaussian, data::integers})
        for (scaled const& f : faults) {
            problem p = make_problem(kind, f32, f32, 11, 10, 40, 3);
            if (kind == data::integers && p.act != activation::linear) continue;
            f.asked(p);
            problem q = p;
            f.computed(q);
            finding const x = examine(p, each(q, [&](std::size_t b, std::size_t i, std::size_t j) {
                                          return finish(q, dot(q, b, i, j, 0, q.k), b, i, j);
                                      }));
            CAPTURE(static_cast<int>(kind), f.tag, x.text, x.gain, x.failing, x.alternatives);
            if (x.tag == "passed" && p.act == activation::gelu && kind == data::integers)
                continue;  // both are exact there
            CHECK(x.names(f.tag));
            if (kind == data::gaussian) CHECK(x.tag == f.tag);
        }
    problem p = make_problem(data::gaussian, f32, f32, 12, 9, 40, 4);
    p.has_bias = true;
    p.act = activation::relu;
    finding x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                            float const s = dot(p, b, i, j, 0, p.k);
                            return (s > 0 ? s : 0.0F) + static_cast<float>(p.bias[j]);
                        }));
    CHECK(x.tag == "bias_after_activation");
    p.act = activation::linear;
    x = examine(
        p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
            return static_cast<double>(dot(p, b, i, j, 0, p.k) + (i < p.n ? static_cast<float>(p.bias[i]) : 0.0F));
        }));
    CHECK(x.tag == "bias_by_row");
    p.out = bf16;
    for (double& y : p.bias) y = rounded(bf16, y);
    x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                    return rounded(bf16, dot(p, b, i, j, 0, p.k)) + p.bias[j];
                }));
    CAPTURE(x.tag, x.text);
    CHECK(x.tag == "late_bias");
}

TEST_CASE("explain: elements that were not written, or are a neighbour's", "[quantify][explanation]") {
    for (data const kind : {data::gaussian, data::integers}) {
        problem const p = make_problem(kind, f32, f32, 13, 10, 200, 6);
        auto const right = each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
            return finish(p, dot(p, b, i, j, 0, p.k), b, i, j);
        });
        CAPTURE(static_cast<int>(kind));
        CHECK(examine(p, right).tag == "passed");
        numbers c = right;
        c[57] = p.old[57];
        CHECK(examine(p, c, {}, p.old).tag == "stale_element");
        c = right;
        c[57] = 0;
        CHECK(examine(p, c).tag == "zero_element");
        c = right;
        for (std::size_t const x : {31U, 57U, 105U}) c[x] = right[x - 1];
        CHECK(examine(p, c).tag == "neighbour_element");
        c = right;
        for (std::size_t x = 120; x < 130; ++x) c[x] = 0;
        finding f = examine(p, c);
        CHECK(f.tag == "uncomputed_edge");
        CHECK(f.text.find("rows from 12") == 0 + f.text.find("the rows from 12") + 4);
        c = right;
        for (std::size_t x = 0; x < c.size(); ++x)
            if (x % 10 >= 8 || x >= 80) c[x] = p.old[x];
        CHECK(examine(p, c, {}, p.old).tag == "uncomputed_edge");
        c = right;
        for (std::size_t x = 0; x < c.size(); ++x) c[x] = rounded(f32, c[x] + p.old[x]);
        CHECK(examine(p, c, {}, p.old).tag == "old_added");
        CHECK(examine(p, numbers(c.size(), canonical_nan<double>()), {}, numbers(c.size(), canonical_nan<double>()))
                  .tag == "old_added");
    }
}

TEST_CASE("explain: a batch that got the operand of another", "[quantify][explanation]") {
    problem const p = make_problem(data::gaussian, f32, f32, 5, 6, 30, 8, 4);
    finding const x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                                  float s = 0;
                                  for (std::size_t l = 0; l < p.k; ++l)
                                      s += static_cast<float>(p.A(i, l, b)) * static_cast<float>(p.B(l, j, 0));
                                  return static_cast<double>(s);
                              }));
    CHECK(x.tag == "first_batch_b");
}

TEST_CASE("explain: one product of one element lost, or the same product of all", "[quantify][explanation]") {
    for (std::size_t const k : {100U, 1000U}) {
        problem const p = make_problem(data::gaussian, f32, f32, 8, 8, k, 9);
        auto const element = [&](std::size_t b, std::size_t i, std::size_t j, std::size_t lost, float times) {
            float s = 0;
            for (std::size_t l = 0; l < p.k; ++l) {
                float const ab = static_cast<float>(p.A(i, l, b)) * static_cast<float>(p.B(l, j, b));
                s += l == lost ? times * ab : ab;
            }
            return static_cast<double>(s);
        };
        CAPTURE(k);
        finding x = examine(
            p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) { return element(b, i, j, 64, 0.0F); }));
        CHECK(x.tag == "dropped_product");
        CHECK(x.text.find("product 64 of") == 0);
        x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                        return element(b, i, j, (i * 7 + j * 3) % k, 0.0F);
                    }));
        CAPTURE(x.text, x.gain);
        CHECK(x.tag == "dropped_product");
        x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                        return element(b, i, j, (i * 7 + j * 3) % k, 2.0F);
                    }));
        CHECK(x.tag == "repeated_product");
    }
}

TEST_CASE("explain: subnormal numbers flushed", "[quantify][explanation]") {
    problem p = make_problem(data::gaussian, f32, f32, 9, 9, 20, 10);
    for (double& x : p.a) x = rounded(f32, std::ldexp(x, -126));
    auto const normal = [](float x) { return std::fabs(x) < 0x1p-126F ? 0.0F : x; };
    finding x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                            return static_cast<double>(normal(dot(p, b, i, j, 0, p.k)));
                        }));
    CHECK(x.tag == "flushed_results");
    x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                    float s = 0;
                    for (std::size_t l = 0; l < p.k; ++l)
                        s += normal(static_cast<float>(p.A(i, l, b))) * static_cast<float>(p.B(l, j, b));
                    return static_cast<double>(s);
                }));
    CAPTURE(x.text);
    CHECK(x.tag == "flushed_operands");
}

TEST_CASE("explain: NaN and infinities lost", "[quantify][explanation]") {
    problem p = make_problem(data::gaussian, f32, f32, 9, 9, 20, 11);
    p.a[5] = p.a[50] = canonical_nan<double>();
    auto const of = [&](auto change) {
        return examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                           float s = 0;
                           for (std::size_t l = 0; l < p.k; ++l)
                               s += change(static_cast<float>(p.A(i, l, b)), static_cast<float>(p.B(l, j, b)));
                           return static_cast<double>(s);
                       }));
    };
    CHECK(of([](float a, float b) { return std::isnan(a) ? 0.0F : a * b; }).tag == "nan_skipped");
    CHECK(of([](float a, float b) { return a * b; }).tag == "passed");
    p.a[5] = canonical_nan<double>();
    p.a[50] = 1;
    for (std::size_t j = 0; j < p.n; ++j) p.b[5 * p.n + j] = 0;
    CHECK(of([](float a, float b) { return b == 0 ? 0.0F : a * b; }).names("zero_skipped"));
    p.a[5] = infinity<double>();
    for (std::size_t j = 0; j < p.n; ++j) p.b[5 * p.n + j] = 1;
    finding const x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                                  float const s = dot(p, b, i, j, 0, p.k);
                                  return std::isinf(s) ? 0x1.fffffep127 : static_cast<double>(s);
                              }));
    CHECK(x.tag == "infinity_clamped");
}

TEST_CASE("explain: results that reach C's format wrongly", "[quantify][explanation]") {
    problem const p = make_problem(data::gaussian, bf16, bf16, 40, 40, 60, 12);
    auto const sums =
        each(p, [&](std::size_t b, std::size_t i, std::size_t j) { return dot<double>(p, b, i, j, 0, p.k); });
    numbers c = sums;
    for (double& x : c) x = cut(bf16, x);
    CHECK(examine(p, c).tag == "truncated_results");
    c = sums;
    for (double& x : c) x = rounded(f16, x);
    product_demand exact{product_demand::kind::correctly_rounded};
    finding x = examine(p, c, exact);
    CAPTURE(x.tag, x.text, x.failing, x.gain);
    CHECK(x.names("double_rounding"));
    problem q = p;
    q.out = f32;
    c = sums;
    for (double& y : c) y = rounded(bf16, y);
    CHECK(examine(q, c).tag == "bfloat16_results");
}

TEST_CASE("explain: whole numbers in 16 bits", "[quantify][explanation]") {
    problem p = make_problem(data::gaussian, number_format::int8, number_format::int32, 7, 9, 64, 13);
    random_stream r(14);
    for (double& x : p.a) x = static_cast<double>(r.below(256)) - 128;
    for (double& x : p.b) x = static_cast<double>(r.below(256)) - 128;
    auto const saturated = [](double x) { return std::clamp(x, -32768.0, 32767.0); };
    finding x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                            double s = 0;
                            for (std::size_t l = 0; l < p.k; l += 2)
                                s += saturated(p.A(i, l, b) * p.B(l, j, b) + p.A(i, l + 1, b) * p.B(l + 1, j, b));
                            return s;
                        }));
    CAPTURE(x.tag, x.failing);
    CHECK((x.tag == "saturated_pairs" || x.failing == 0));
    x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                    double s = 0;
                    for (std::size_t l = 0; l < p.k; ++l) s = saturated(s + p.A(i, l, b) * p.B(l, j, b));
                    return s;
                }));
    CHECK(x.tag == "saturated_sums");
    x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                    return static_cast<double>(static_cast<std::int16_t>(
                        static_cast<std::uint16_t>(static_cast<std::int64_t>(dot<double>(p, b, i, j, 0, p.k)))));
                }));
    CHECK(x.tag == "wrapped_sums");
}

TEST_CASE("explain: correct kernels meet the bound, and where they miss a stricter demand no fault is named",
          "[quantify][explanation]") {
    std::size_t const count = trials(200);
    std::size_t named = 0;
    std::size_t missed = 0;
    random_stream random(99);
    for (std::size_t t = 0; t < count; ++t) {
        std::size_t const k = 1 + random.below(t % 4 == 0 ? 1000 : 60);
        std::size_t const longest = t % 8 == 1 ? 60 : 9;
        std::size_t const m = 1 + random.below(longest);
        std::size_t const n = 1 + random.below(longest);
        std::uint64_t const order = random.below(5);
        number_format const formats[] = {f32, bf16, f64};
        number_format const in = formats[random.below(3)];
        number_format const out = in == bf16 && random.below(2) == 0 ? f32 : in;
        problem p = make_problem(data::gaussian, in, out, m, n, k, random.bits());
        p.has_bias = random.below(3) == 0;
        number_format const held = in == f64 ? f64 : f32;
        numbers const c = each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
            numbers s;
            for (std::size_t l = 0; l < p.k; ++l) s.push_back(p.A(i, l, b) * p.B(l, j, b));
            if (p.has_bias) s.insert(order % 2 == 0 ? s.end() : s.begin(), p.bias[j]);
            if (order == 1) std::reverse(s.begin(), s.end());
            double total = 0;
            if (order == 2) {  // pairwise
                for (double& x : s) x = rounded(held, x);
                while (s.size() > 1) {
                    numbers next;
                    for (std::size_t l = 0; l + 1 < s.size(); l += 2) next.push_back(rounded(held, s[l] + s[l + 1]));
                    if (s.size() % 2 != 0) next.push_back(s.back());
                    s = next;
                }
                return s[0];
            }
            std::size_t const lanes = order == 3 ? 8 : 1;
            numbers sums(lanes, 0.0);
            for (std::size_t l = 0; l < s.size(); ++l) {
                double const x = order == 4 ? s[l] : rounded(held, s[l]);
                sums[l % lanes] = rounded(held, sums[l % lanes] + x);
            }
            for (double const x : sums) total = rounded(held, total + x);
            return total;
        });
        CAPTURE(t, m, n, k, order, name(in), name(out), p.has_bias);
        finding const bound = examine(p, c);
        CHECK(bound.tag == "passed");
        product_demand strict{product_demand::kind::ulps};
        strict.ulps = 0.5;
        for (product_demand const& d : {strict, product_demand{product_demand::kind::correctly_rounded}}) {
            finding const x = examine(p, c, d);
            missed += x.tag != "passed" ? 1U : 0U;
            named += x.tag != "passed" && x.tag != "nothing" ? 1U : 0U;
            CAPTURE(x.tag, x.text, x.gain, x.failing);
            CHECK((x.tag == "passed" || x.tag == "nothing"));
        }
    }
    CHECK(missed > count / 4);
    CHECK(named == 0);
}

TEST_CASE("explain: nothing is said of an output that passed, or that nothing explains", "[quantify][explanation]") {
    for (double const size : {0.3, 10.0, 1000.0})
        for (std::size_t const k : {50U, 1000U}) {
            problem const p = make_problem(data::gaussian, f32, f32, 12, 12, k, 15);
            random_stream r(16);
            finding const x = examine(p, each(p, [&](std::size_t b, std::size_t i, std::size_t j) {
                                          return dot(p, b, i, j, 0, p.k) + size * std::sqrt(k) * bell(r);
                                      }));
            CAPTURE(size, k, x.text, x.gain);
            CHECK(x.tag == "nothing");
        }
}
