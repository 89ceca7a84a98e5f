// SPDX-License-Identifier: BSL-1.0
// lastbit_bench_folds: correctly rounded sums and dot products beside the compiler's vectorised loop and OpenBLAS,
// in interleaved pairs; the exact fall-back beside the superaccumulator term by term. Each result is compared with the
// superaccumulator's before it is timed. `lastbit_bench_folds [LARGEST]`: sizes up to LARGEST, 10^7 unless given.

#include "pairs.hpp"
#include "peers.hpp"

#include <lastbit/base/random.hpp>
#include <lastbit/fold/dot.hpp>

#include <cstdlib>
#include <memory>
#include <new>
#include <span>

namespace {

using namespace lastbit;

struct aligned_delete {
    void operator()(void* p) const { ::operator delete (p, std::align_val_t{64}); }
};

/// n random numbers in memory aligned to 64 bytes.
template <class T>
class numbers {
public:
    numbers(std::size_t n, std::uint64_t stream)
        : data_(static_cast<T*>(::operator new (n * sizeof(T) + 1, std::align_val_t{64}))), size_(n) {
        random_stream random(2026, stream);
        for (std::size_t i = 0; i < n; ++i) {
            double sum = -2.0;
            for (int k = 0; k < 4; ++k) sum += random.uniform();
            // The factor fills the last bits: sums of quantised numbers are often ties, which cost more.
            new (data_.get() + i) T(detail::convert<T>(sum * 0.7390851332151607));
        }
    }
    [[nodiscard]] std::span<T> span() const { return {data_.get(), size_}; }

private:
    std::unique_ptr<T, aligned_delete> data_;
    std::size_t size_;
};

/// Written to, so that no call can be dropped.
double volatile sink;

template <class T>
void keep(T x) {
    sink = static_cast<double>(x);
}

void require(bool right, char const* what) {
    if (right) return;
    std::fprintf(stderr, "%s: not the correctly rounded value\n", what);
    std::exit(1);
}

// The floors that the project has set itself, at the sizes that they name: 1,000 terms, in the second cache, from memory.
// The caches are those of the machine of docs/performance.md; 0 is no floor.
double floor_at(std::size_t n, std::size_t bytes, double first, double second, double memory) {
    if (n < 1000) return 0;
    if (bytes <= 32'768) return n == 1000 ? first : 0;
    return bytes <= 1'000'000 ? second : bytes >= 64'000'000 ? memory : 0;
}

template <class T>
void run(std::size_t n) {
    numbers<T> const a(n, 1), b(n, 2);
    std::span<T const> const x = a.span(), y = b.span();
    require(to_bits(sum(x)) == to_bits(detail::rounded_sum_by_integers<T>(x.data(), n)), "sum");
    require(to_bits(dot(x, y)) == to_bits(detail::rounded_dot_by_integers<T>(x.data(), y.data(), n)), "dot");
    auto const items = static_cast<double>(n);
    std::string const name = format<T>::name;
    bool const is_double = std::same_as<T, double>;
    auto const our_sum = [&] { keep(sum(x)); };
    auto const our_dot = [&] { keep(dot(x, y)); };
    if constexpr (native_format<T>) {
        bench::print_pair("sum " + name + " / loop", n, items,
                          bench::time_pairs(our_sum, [&] { keep(peers::sum(x.data(), n)); }),
                          is_double ? floor_at(n, n * 8, 6.5, 4.0, 1.15) : 0);
        if (peers::has_blas)
            bench::print_pair("dot " + name + " / OpenBLAS", n, items,
                              bench::time_pairs(our_dot, [&] { keep(peers::blas_dot(x.data(), y.data(), n)); }),
                              is_double ? floor_at(n, n * 16, 6.0, 3.5, 1.2) : floor_at(n, n * 8, 5.5, 3.0, 1.2));
    } else {
        numbers<float> const wide(n, 1), other(n, 2);
        if (peers::has_blas)
            bench::print_pair(
                "dot " + name + " / OpenBLAS sdot, widened", n, items,
                bench::time_pairs(our_dot, [&] { keep(peers::blas_dot(wide.span().data(), other.span().data(), n)); }),
                0);
    }
    if (n > 1'000'000) return;
    auto const integers = [&] { keep(detail::rounded_sum_by_integers<T>(x.data(), n)); };
    auto const exact = [&] { keep(detail::round_exactly<T>(detail::number_doubles<T>{x.data()}, n, nullptr)); };
    bench::print_pair("fall-back of sum " + name + " / term by term", n, items, bench::time_pairs(exact, integers),
                      1.0);
    auto const dot_integers = [&] { keep(detail::rounded_dot_by_integers<T>(x.data(), y.data(), n)); };
    auto const exact_dot = [&] {
        keep(detail::round_exactly<T>(detail::product_doubles<T>{x.data(), y.data()}, n, nullptr));
    };
    bench::print_pair("fall-back of dot " + name + " / term by term", n, items,
                      bench::time_pairs(exact_dot, dot_integers), 1.0);
}

/// Numbers and their negatives in disorder, and 2^-120 of one beside them: a condition number of some 10^40, so that
/// nothing but the exact fall-back decides. The whole call beside the superaccumulator alone, term by term.
template <class T>
void run_worst(std::size_t n) {
    numbers<T> const a(n, 3), b(n, 4);
    std::span<T> const x = a.span(), y = b.span();
    for (std::size_t i = 0; i + 1 < n / 2; ++i) {
        std::size_t const mirror = n / 2 + (i * 7 + 3) % (n / 2 - 1);
        x[mirror] = negate(x[i]);
        y[mirror] = y[i];
    }
    x[n - 1] = x[n / 2 - 1] = T(0x1p-120F);
    require(to_bits(sum(x)) == to_bits(detail::rounded_sum_by_integers<T>(x.data(), n)), "sum");
    require(to_bits(dot(x, y)) == to_bits(detail::rounded_dot_by_integers<T>(x.data(), y.data(), n)), "dot");
    auto const items = static_cast<double>(n);
    std::string const name = format<T>::name;
    bench::print_pair(
        "condition 1e40, sum " + name + " / superaccumulator", n, items,
        bench::time_pairs([&] { keep(sum(x)); }, [&] { keep(detail::rounded_sum_by_integers<T>(x.data(), n)); }),
        n < 1000 ? 0 : 1.3);
    bench::print_pair("condition 1e40, dot " + name + " / superaccumulator", n, items,
                      bench::time_pairs([&] { keep(dot(x, y)); },
                                        [&] { keep(detail::rounded_dot_by_integers<T>(x.data(), y.data(), n)); }),
                      n < 1000 ? 0 : 1.3);
}

}  // namespace

int main(int count, char** arguments) {
    peers::use_one_thread();
    std::size_t const largest = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 10'000'000;
    std::printf("%-46s %9s %9s %9s %7s\n", "ours / peer, ns a term, median of 15 pairs", "n", "ours", "peer", "ratio");
    for (std::size_t n = 10; n <= largest; n = n % 3 == 0 ? n / 3 * 10 : n * 3) {
        run<double>(n);
        run<float>(n);
        if (n >= 100 && n <= 1'000'000) run_worst<double>(n);
        if (n >= 100 && n <= 1'000'000) run_worst<float>(n);
        if (n <= 100'000) {
            run<bfloat16>(n);
            run<float16>(n);
        }
    }
}
