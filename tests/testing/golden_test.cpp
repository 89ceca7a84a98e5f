// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/golden.hpp>

#include <lastbit/base/random.hpp>
#include <lastbit/fold/dot.hpp>
#include <lastbit/testing/catch2.hpp>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

using namespace lastbit;
using namespace lastbit::testing;
using Catch::Contains;

namespace {

/// A file of its own that is gone afterwards.
struct scratch {
    std::string path =
        (std::filesystem::temp_directory_path() / ("lastbit_golden_" + std::to_string(::getpid()))).string();
    scratch() { std::filesystem::remove(path); }
    ~scratch() { std::filesystem::remove(path); }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;
};

/// LASTBIT_GOLDEN=update for a while.
struct updating {
    updating() { ::setenv("LASTBIT_GOLDEN", "update", 1); }
    ~updating() { ::unsetenv("LASTBIT_GOLDEN"); }
    updating(updating const&) = delete;
    updating& operator=(updating const&) = delete;
};

}  // namespace

TEST_CASE("golden: recorded bits hold, other bits and missing names do not", "[testing][golden]") {
    scratch const file;
    std::vector<float> x{1.0F, -0.0F, 0x1p-149F};
    golden_result const missing = golden("x", x, file.path);
    CHECK_FALSE(missing);
    CHECK_THAT(missing.text(), Contains("no \"x\" in float32 is recorded") && Contains("LASTBIT_GOLDEN=update"));
    {
        updating const now;
        CHECK(golden("x", x, file.path));
        CHECK(golden("y", 2.5, file.path));
    }
    CHECK(golden("x", x, file.path));
    CHECK(golden("y", 2.5, file.path));
    x[1] = 0.0F;
    golden_result const changed = golden("x", x, file.path);
    CHECK_FALSE(changed);
    CHECK_THAT(changed.text(), Contains("the bits of \"x\", [1 x 3] float32, have changed"));
    // Another format is another entry.
    CHECK_FALSE(golden("x", std::vector<double>{1.0, -0.0, 0x1p-149}, file.path));
    {
        updating const now;
        CHECK(golden("x", x, file.path));
    }
    CHECK(golden("x", x, file.path));
    CHECK(golden("y", 2.5, file.path));
}

TEST_CASE("golden: shape counts, NaN's payload does not", "[testing][golden]") {
    std::vector<float> const x{1.0F, 2.0F};
    CHECK(bits_hash(as_array(x)) != bits_hash(as_column(x)));
    float const nan = canonical_nan<float>();
    float const other = from_bits<float>(to_bits(nan) | 0x80000001U);
    CHECK(bits_hash(as_array(nan)) == bits_hash(as_array(other)));
}

TEST_CASE("golden: the hash is FNV-1a of the values, the same on every machine", "[testing][golden]") {
    // Three extents of 1 and the double 1.0, by an independent transcription.
    CHECK(bits_hash(as_array(1.0F)) == 0xDDC2D80554022999U);
}

TEST_CASE("golden: the file beside a test", "[testing][golden]") {
    CHECK(lastbit::testing::detail::golden_path("/a/b/x_test.cpp") == "/a/b/x_test.golden");
    CHECK(lastbit::testing::detail::golden_path("a.b/x") == "a.b/x.golden");
    std::vector<float> x;
    std::vector<float> y;
    random_stream r(1);
    for (int i = 0; i < 1000; ++i) {
        x.push_back(static_cast<float>(r.uniform() - 0.5));
        y.push_back(static_cast<float>(r.uniform() - 0.5));
    }
    CHECK(golden("dot of 1,000, in lanes", dot<plain>(x, y)));
    CHECK(golden("dot of 1,000, correctly rounded", dot(x, y)));
}

TEST_CASE("golden: what cannot be written, and a name that cannot be stored", "[testing][golden]") {
    updating const now;
    golden_result const r = golden("x", 1.0F, "/nonexistent/x.golden");
    CHECK_FALSE(r);
    CHECK_THAT(r.text(), Contains("could not be written to /nonexistent/x.golden"));
    CHECK_THROWS_WITH(golden("a\tb", 1.0F, "/nonexistent/x.golden"), Contains("neither tabs"));
}
