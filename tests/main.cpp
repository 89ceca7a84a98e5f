// SPDX-License-Identifier: BSL-1.0
// main() of every test program, compiled once; with Catch2 2 the framework is compiled here, too.

#if __has_include(<catch2/catch_session.hpp>)
#    include <catch2/catch_session.hpp>

int main(int argc, char* argv[]) { return Catch::Session().run(argc, argv); }
#else
#    define CATCH_CONFIG_MAIN
#    include <catch2/catch.hpp>
#endif
