// SPDX-License-Identifier: BSL-1.0
// One template for every number type: doubles, expansions, and Boost's numbers.

#include <lastbit/lastbit.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

// [solve]
/// The solution of A x = b by elimination with row exchanges; A is [n x n], row-major.
template <class T>
std::vector<T> solve(std::vector<T> a, std::vector<T> b) {
    using std::abs;
    std::size_t const n = b.size();
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (abs(a[i * n + k]) > abs(a[pivot * n + k])) pivot = i;
        for (std::size_t j = 0; j < n; ++j) std::swap(a[k * n + j], a[pivot * n + j]);
        std::swap(b[k], b[pivot]);
        for (std::size_t i = k + 1; i < n; ++i) {
            T const factor = a[i * n + k] / a[k * n + k];
            for (std::size_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
            b[i] -= factor * b[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k * n + j] * b[j];
        b[k] /= a[k * n + k];
    }
    return b;
}
// [/solve]

// [root]
/// The cube root of x by Newton's iteration.
template <class T>
T cube_root(T const& x) {
    T root = T(std::cbrt(static_cast<double>(x)));
    for (int step = 0; step < 4; ++step) root -= (root * root * root - x) / (3 * root * root);
    return root;
}
// [/root]

/// The largest error of the solution of H x = H 1, H the Hilbert matrix of 12 rows, whose condition number is 2e16.
template <class T>
void hilbert(char const* name) {
    constexpr std::size_t n = 12;
    std::vector<T> a(n * n), b(n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            a[i * n + j] = T(1) / T(static_cast<int>(i + j + 1));
            b[i] += a[i * n + j];
        }
    T largest = 0;
    for (T const& x : solve(a, b)) {
        T const error = x > T(1) ? T(x - 1) : T(1 - x);
        if (error > largest) largest = error;
    }
    std::printf("%-18s error below 10^%.0f\n", name, std::ceil(std::log10(static_cast<double>(largest))));
}

int main() {
    using boost::multiprecision::cpp_bin_float_100;
    hilbert<lastbit::double_double>("double_double");
    hilbert<lastbit::quad_double>("quad_double");
    hilbert<cpp_bin_float_100>("cpp_bin_float_100");

    auto const text = to_string(cube_root(lastbit::quad_double(2)), 60);
    std::printf("quad_double        %s\n", text.c_str());
    auto const boost_text = cube_root(cpp_bin_float_100(2)).str(59, std::ios_base::scientific);
    std::printf("cpp_bin_float_100  %s\n", boost_text.c_str());

    // [dot]
    // 1 + 2^-60 - 1, in numbers of one word and of two.
    std::vector<double> const x{1, 0x1p-60, -1};
    std::vector<double> const y{1, 1, 1};
    double const plain = lastbit::dot<lastbit::plain, lastbit::sequential>(x, y);
    auto const two_words = lastbit::dot_to<lastbit::double_double, lastbit::multiword<2>>(x, y);
    lastbit::expansion_vector<double, 4> v(1000), w(1000);  // 212 bits, an array for each word
    for (std::size_t i = 0; i < v.size(); ++i) {
        v[i] = lastbit::quad_double(1) / static_cast<int>(i + 1);
        w[i] = lastbit::quad_double(static_cast<int>(i + 1));
    }
    lastbit::quad_double const thousand = lastbit::dot<lastbit::multiword<4>>(v, w);
    // [/dot]
    std::printf("plain %g, two words %s, four words %s\n", plain, to_string(two_words, 3).c_str(),
                to_string(thousand, 3).c_str());
}
