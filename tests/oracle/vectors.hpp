// SPDX-License-Identifier: BSL-1.0
#pragma once
// The published hard cases of tests/data/vectors/sum_dot.tsv. LASTBIT_TEST_DATA is the path of tests/data/.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace lastbit_tests {

struct hard_case {
    std::string source;
    std::vector<double> x;
    std::vector<double> y;
    double result;
};

[[nodiscard]] inline std::vector<double> numbers_in(std::string const& text) {
    std::vector<double> numbers;
    std::istringstream words(text);
    for (std::string word; words >> word;) numbers.push_back(std::strtod(word.c_str(), nullptr));
    return numbers;
}

/// The cases of one operation, "sum" or "dot".
[[nodiscard]] inline std::vector<hard_case> hard_cases(std::string const& operation) {
    std::ifstream file(LASTBIT_TEST_DATA "vectors/sum_dot.tsv");
    std::vector<hard_case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream fields(line);
        std::string source, name, x, y, result;
        std::getline(fields, source, '\t');
        std::getline(fields, name, '\t');
        std::getline(fields, x, '\t');
        std::getline(fields, y, '\t');
        std::getline(fields, result, '\t');
        if (name == operation)
            cases.push_back({source, numbers_in(x), numbers_in(y), std::strtod(result.c_str(), nullptr)});
    }
    return cases;
}

}  // namespace lastbit_tests
