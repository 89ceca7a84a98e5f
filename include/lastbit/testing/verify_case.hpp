// SPDX-License-Identifier: BSL-1.0
#pragma once
// One case of the examination of a kernel: operands in its formats, the call, the verdict, the name of the fault.

#include <lastbit/quantify/joint_explanation.hpp>
#include <lastbit/testing/judgment_text.hpp>
#include <lastbit/testing/properties.hpp>
#include <lastbit/testing/suite.hpp>
#include <lastbit/testing/verification.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// What a kernel promises besides being a sum of products, and what it is allowed.
struct verify_options {
    /// The format that sums are held in; else double for doubles, 32-bit integers for integers, float for the rest.
    std::optional<number_format> accumulated_in{};
    /// Every element is the exact value, rounded once.
    bool correctly_rounded = false;
    /// Subnormal operands and results may be taken for zero.
    bool flushes_subnormals = false;
    /// Invariances that are promised; without a promise their absence is no fault.
    bool order_invariant = false;      ///< of permutations of the terms
    bool batch_invariant = false;      ///< of the number of rows, and of a row's place among them
    bool alignment_invariant = false;  ///< of the operands' addresses
    bool stride_invariant = false;     ///< of leading dimensions and layouts
    /// The longest sum tried.
    std::size_t longest = 65536;
    /// Every element has the bits that this kernel gives.
    std::optional<kernel_under_test> same_bits_as{};
    /// Kernels whose bits would name the fault where those of same_bits_as are not met: a tag, a text, the kernel.
    struct suspect {
        std::string tag;
        std::string text;
        kernel_under_test kernel;
    };
    std::vector<suspect> suspects{};
    /// Also examine what runs a kernel many times: special values, edges, bounds of memory, determinism.
    bool properties = true;
    std::uint64_t seed = 1;
};

namespace detail {

/// Numbers in the memory of a format, with room on either side for a kernel that does not keep to it: NaN, or -1.
class format_array {
public:
    format_array(number_format f, std::vector<double> const& x)
        : format_(f), bytes_(x.size() * quantify::size_of(f) + 2 * margin, std::byte{0xFF}) {
        for (std::size_t i = 0; i < x.size(); ++i) quantify::store(f, data(), static_cast<std::ptrdiff_t>(i), x[i]);
    }
    /// `size` numbers of one value.
    format_array(number_format f, std::size_t size, double x) : format_array(f, std::vector<double>(size, x)) {}

    [[nodiscard]] std::byte* data() noexcept { return bytes_.data() + margin; }
    [[nodiscard]] quantify::array_view view(std::size_t rows, std::size_t cols) const noexcept {
        return {format_, bytes_.data() + margin, 1, rows, cols, 0, static_cast<std::ptrdiff_t>(cols), 1};
    }

private:
    static constexpr std::size_t margin = 4096;

    number_format format_;
    std::vector<std::byte> bytes_;
};

/// What C holds before a call with beta = 0: NaN, or where there is none the smallest number.
[[nodiscard]] inline double poison(number_format f) noexcept {
    return quantify::constants(f).is_integer ? -77.0 : canonical_nan<double>();
}

/// Runs the cases of one kernel and gathers what is found.
class case_runner {
public:
    case_runner(kernel_under_test const& kernel, verify_options const& options) : kernel_(kernel), options_(options) {
        result_.kind = kernel.kind;
        result_.in = kernel.in;
        result_.out = kernel.out;
    }

    /// What was found; the faults of values by their name come first.
    [[nodiscard]] verification result() {
        if (failing_ > 0) {
            std::vector<quantify::judged_output> outputs;
            for (std::unique_ptr<remembered_case> const& c : cases_) {
                quantify::array_view const got = c->got.view(c->asked.rows(), c->asked.cols());
                quantify::evidence seen{c->asked, got};
                seen.before.emplace(c->before.view(c->asked.rows(), c->asked.cols()));
                outputs.push_back(quantify::judged_output{std::move(seen), c->judgment});
            }
            auto const why = quantify::explain(outputs);
            std::string text = why ? "as if " + why->text + "; the first case: " + first_failure_ : first_failure_;
            result_.findings.insert(result_.findings.begin(),
                                    {why ? why->tag : "unexplained", std::move(text), failing_});
            failing_ = 0;
        }
        return result_;
    }

    /// Integers: every correct order gives one answer.
    void structure(std::size_t m, std::size_t n, std::size_t k) {
        number_format const held = this->held();
        if (4.0 * static_cast<double>(k) > std::ldexp(0.8, quantify::precision(held))) return;  // not exact any more
        judge_case(suite::make(suite::family::integers, m, n, k, kernel_.in, held, options_.seed), 1, 0,
                   exact_demand());
        if (!kernel_.accepts.alpha_beta) return;
        // Small factors, and so much less of everything else.
        suite::operands o =
            suite::make(suite::family::integers, m, n, k, kernel_.in, narrower(held), options_.seed + 1);
        judge_case(o, 1, 1, exact_demand());
        judge_case(o, -2, 0, exact_demand());
        judge_case(o, 2, -1, exact_demand());
        judge_case(o, 0, 2, exact_demand());
    }

    /// Random numbers of every other family.
    void rounding(std::size_t m, std::size_t n, std::size_t k) {
        if (quantify::constants(kernel_.in).is_integer) return extremes(m, n, k);
        using suite::family;
        for (family const f : suite::families) {
            if (f == family::integers || (f == family::halfway && !options_.correctly_rounded)) continue;
            suite::operands const o = suite::make(f, m, n, k, kernel_.in, held(), options_.seed, kernel_.out);
            quantify::product_demand const bound =
                options_.correctly_rounded ? exact_demand() : quantify::product_demand{};
            judge_case(o, 1, 0, bound);
            if (f != family::gaussian) continue;
            quantify::product_demand likely;
            likely.what = quantify::product_demand::kind::likely;
            likely.probability = 1 - 0x1p-40;
            if (!options_.correctly_rounded) judge_case(o, 1, 0, likely);
            if (kernel_.accepts.alpha_beta) judge_case(o, 0.7, -1.3, quantify::product_demand{});
            if (options_.same_bits_as) compare_bits(o);
        }
    }

    /// Numbers at the ends of an integer format: one has no opposite, and sums of two products exceed 16 bits.
    void extremes(std::size_t m, std::size_t n, std::size_t k) {
        number_format const held = this->held();
        double const end = quantify::constants(kernel_.in).largest + 1;
        if (end * end * static_cast<double>(k) >= std::ldexp(1.0, quantify::precision(held))) return;
        suite::operands o = suite::make(suite::family::integers, m, n, k, kernel_.in, held, options_.seed);
        random_stream r(options_.seed, 0x656E6473);
        double const choices[] = {-end, 1 - end, end - 1, -1, 1};
        for (double& x : o.a) x = choices[r.below(std::size(choices))];
        for (double& x : o.b) x = choices[r.below(std::size(choices))];
        judge_case(o, 1, 0, exact_demand());
    }

    /// Whether the kernel keeps to its operands' memory. What does not may do anything elsewhere.
    [[nodiscard]] bool memory() {
        if (options_.properties) take(stays_in_bounds(kernel_));
        return result_.passed();
    }

    /// What does not depend on a tolerance.
    void properties() {
        if (!options_.properties) return;
        take(handles_edges(kernel_));
        take(is_deterministic(kernel_));
        if (!quantify::constants(kernel_.in).is_integer)
            take(respects_special_values(kernel_, default_property_seed, options_.flushes_subnormals));
        if (options_.order_invariant) take(is_order_invariant(kernel_));
        if (options_.batch_invariant) take(is_batch_invariant(kernel_));
        if (options_.alignment_invariant) take(is_alignment_invariant(kernel_));
        if (options_.stride_invariant) take(is_stride_invariant(kernel_));
    }

private:
    [[nodiscard]] number_format held() const {
        if (options_.accumulated_in) return *options_.accumulated_in;
        quantify::product p;
        p.a = quantify::operand(kernel_.in, 1, 0, 0, {});
        p.b = p.a;
        return accumulator_of(p, kernel_.out);
    }

    /// A format with at least two bits less.
    [[nodiscard]] static number_format narrower(number_format f) noexcept {
        switch (f) {
            case number_format::float64:
                return number_format::int32;
            case number_format::int32:
                return number_format::float32;
            default:
                return number_format::tf32;
        }
    }

    /// The sign of an exact zero is no matter of structure.
    [[nodiscard]] quantify::product_demand exact_demand() const {
        quantify::product_demand d;
        d.what = quantify::product_demand::kind::correctly_rounded;
        d.sign_of_zero = options_.correctly_rounded;
        return d;
    }

    /// Calls the kernel on the operands; C comes back. With beta = 0 it holds `filled` before.
    [[nodiscard]] format_array call(kernel_under_test const& kernel, suite::operands const& o, double alpha,
                                    double beta, double filled, format_array& a, format_array& b) const {
        format_array c = before(kernel, o, beta, filled);
        auto const stride = [](std::size_t cols) { return static_cast<std::ptrdiff_t>(cols); };
        kernel_call x;
        x.a = {a.data(), o.m, o.k, stride(o.k), 1};
        x.b = {b.data(), o.k, o.n, stride(o.n), 1};
        x.c = {c.data(), o.m, o.n, stride(o.n), 1};
        x.alpha = alpha;
        x.beta = beta;
        invoke(kernel, x);
        return c;
    }

    [[nodiscard]] static format_array before(kernel_under_test const& kernel, suite::operands const& o, double beta,
                                             double filled) {
        return beta == 0 ? format_array(kernel.out, o.m * o.n, filled) : format_array(kernel.out, o.old);
    }

    void judge_case(suite::operands const& o, double alpha, double beta, quantify::product_demand const& demand) {
        alpha = quantify::rounded(kernel_.out, alpha);  // the kernel gets numbers of its output's format
        beta = quantify::rounded(kernel_.out, beta);
        format_array a(kernel_.in, o.a);
        format_array b(kernel_.in, o.b);
        double filled = poison(kernel_.out);
        format_array c = call(kernel_, o, alpha, beta, filled, a, b);
        quantify::product p;
        p.a = quantify::operand(a.view(o.m, o.k));
        p.is_sum = kernel_.kind == kernel_kind::sum;
        p.b = p.is_sum ? quantify::operand(kernel_.in, 1, o.k, o.n, std::vector<double>(o.k * o.n, 1.0))
                       : quantify::operand(b.view(o.k, o.n));
        p.alpha = alpha;
        p.beta = beta;
        p.held = options_.accumulated_in;
        p.may_flush = options_.flushes_subnormals;
        format_array old = before(kernel_, o, beta, filled);
        if (beta != 0) p.old = quantify::operand(old.view(o.m, o.n));
        quantify::product_judgment j = quantify::judge(p, c.view(o.m, o.n), demand);
        if (beta == 0 && is_nan(filled) && j.failing > 0) {
            // Did NaN stay or enter the sum? A number tells, unless it was multiplied by zero.
            filled = 77;
            format_array again = call(kernel_, o, alpha, beta, filled, a, b);
            quantify::product_judgment other = quantify::judge(p, again.view(o.m, o.n), demand);
            if (other.failing > 0) {
                c = std::move(again);
                old = before(kernel_, o, beta, filled);
                j = std::move(other);
            }
        }
        quantify::array_view const got = c.view(o.m, o.n);
        if (!j.refusal.empty()) {
            ++result_.unproven;
            return;
        }
        ++result_.cases;
        remember(p, c, old, j, o.kind == suite::family::integers);
        bool const is_bound = demand.what == quantify::product_demand::kind::bound;
        if (is_bound && j.elements > 0 && is_finite(j.worst.ratio) && j.worst.ratio > result_.worst_ratio)
            result_.worst_ratio = j.worst.ratio;
        if (j.passed()) {
            if (is_bound && o.kind == suite::family::gaussian && result_.power.empty() && o.k >= 100)
                result_.power = quantify::detection_power(p, got, demand, 500);
            return;
        }
        std::string text = o.text();
        if (alpha != 1 || beta != 0) text += ", alpha = " + figure_text(alpha) + ", beta = " + figure_text(beta);
        text += ": demanded " + demand_text(demand, j.held) + "; " + judgment_text(j, got, nullptr);
        ++failing_;
        if (first_failure_.empty()) first_failure_ = std::move(text);
    }

    /// Remembers a case for the diagnosis: the failing ones, and small ones that passed.
    void remember(quantify::product const& p, format_array const& got, format_array const& before,
                  quantify::product_judgment const& j, bool exact) {
        bool const fails = j.failing > 0;
        std::size_t const work = p.size() * (p.depth() + 1);
        std::size_t& count = remembered_[fails ? 1 : 0][exact ? 1 : 0];
        if (count >= (fails && p.depth() < 2000 ? 2 * most_remembered : most_remembered) || (!fails && work > 20000))
            return;
        ++count;
        auto kept = std::make_unique<remembered_case>(remembered_case{p, got, before, j});
        cases_.push_back(std::move(kept));
    }

    void compare_bits(suite::operands const& o) {
        format_array a(kernel_.in, o.a);
        format_array b(kernel_.in, o.b);
        format_array const c = call(kernel_, o, 1, 0, poison(kernel_.out), a, b);
        format_array const promised = call(*options_.same_bits_as, o, 1, 0, poison(kernel_.out), a, b);
        ++result_.cases;
        std::size_t const at = first_difference(c, promised, o);
        if (at == o.m * o.n) return;
        quantify::array_view const got = c.view(o.m, o.n);
        quantify::array_view const expected = promised.view(o.m, o.n);
        std::string text = o.text() + ": the bits are not the promised ones; at [" + std::to_string(at / o.n) + ", " +
                           std::to_string(at % o.n) + "] got " +
                           number_text(kernel_.out, got.at(0, at / o.n, at % o.n)) + ", promised " +
                           number_text(kernel_.out, expected.at(0, at / o.n, at % o.n));
        for (verify_options::suspect const& s : options_.suspects) {
            format_array const suspected = call(s.kernel, o, 1, 0, poison(kernel_.out), a, b);
            if (first_difference(c, suspected, o) == o.m * o.n)
                return add({s.tag, text + "; they are those of " + s.text});
        }
        add({"other_bits", std::move(text)});
    }

    [[nodiscard]] std::size_t first_difference(format_array const& x, format_array const& y,
                                               suite::operands const& o) const {
        quantify::array_view const u = x.view(o.m, o.n);
        quantify::array_view const v = y.view(o.m, o.n);
        std::size_t i = 0;
        for (; i < o.m * o.n; ++i)
            if (to_bits(u.at(0, i / o.n, i % o.n)) != to_bits(v.at(0, i / o.n, i % o.n))) break;
        return i;
    }

    void take(property_result const& p) {
        if (!p.held) add({p.finding.fault, p.text()});
        else if (p.applicable) ++result_.cases;
    }

    void add(verification_finding finding) {
        auto const same = std::find_if(result_.findings.begin(), result_.findings.end(),
                                       [&](verification_finding const& f) { return f.tag == finding.tag; });
        if (same == result_.findings.end()) result_.findings.push_back(std::move(finding));
        else ++same->cases;
    }

    /// What the diagnosis needs of a case.
    struct remembered_case {
        quantify::product asked;
        format_array got;
        format_array before;
        quantify::product_judgment judgment;
    };
    static constexpr std::size_t most_remembered = 12;

    kernel_under_test const& kernel_;
    verify_options const& options_;
    verification result_{};
    std::vector<std::unique_ptr<remembered_case>> cases_{};
    std::size_t remembered_[2][2] = {};
    std::size_t failing_ = 0;
    std::string first_failure_{};
};

}  // namespace detail

/// Options that promise the bits of a kernel of this library, with the usual suspects: `as` is that kernel, `fused` the
/// same with fused products.
[[nodiscard]] inline verify_options promises_bits_of(kernel_under_test as, kernel_under_test fused) {
    verify_options o;
    o.same_bits_as = std::move(as);
    o.suspects.push_back({"fused_products", "fused products, where rounded ones are promised", std::move(fused)});
    return o;
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
