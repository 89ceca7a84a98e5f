// SPDX-License-Identifier: BSL-1.0
#include "libraries.hpp"

#include "blas.hpp"
#include "child_process.hpp"
#include "user_error.hpp"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <initializer_list>

namespace program {
namespace {

namespace fs = std::filesystem;

/// A library that is not done by then is taken to hang.
constexpr unsigned patience_seconds = 300;

std::vector<fs::path> library_folders() {
    std::vector<fs::path> folders{"/usr/local/lib", "/usr/local/lib64", "/usr/lib64", "/usr/lib"};
    std::error_code error;
    for (auto const& entry : fs::directory_iterator("/usr/lib", error))
        if (entry.path().filename().string().find("-linux-gnu") != std::string::npos) folders.push_back(entry.path());
    return folders;
}

/// FOLDER/SUBFOLDER/FILE for all that exist, then FOLDER/FILE, then the bare sonames for the loader's own search.
std::vector<std::string> candidates(std::initializer_list<char const*> subfolders,
                                    std::initializer_list<char const*> files) {
    std::vector<std::string> found;
    auto const folders = library_folders();
    auto const add_existing = [&](fs::path const& path) {
        std::error_code error;
        if (fs::exists(path, error)) found.push_back(path.string());
    };
    for (auto const* subfolder : subfolders)
        for (auto const& folder : folders)
            for (auto const* file : files) add_existing(folder / subfolder / file);
    for (auto const& folder : folders)
        for (auto const* file : files) add_existing(folder / file);
    found.insert(found.end(), files.begin(), files.end());
    return found;
}

// The child's answer: a tag, a length, the bytes.

enum class tag : std::uint32_t { absent, path, version, batch, single };

void answer(int file, tag what, void const* data, std::size_t size) {
    std::uint64_t const head[] = {static_cast<std::uint64_t>(what), size};
    write_all(file, head, sizeof head);
    write_all(file, data, size);
}

void answer(int file, tag what, std::string const& text) { answer(file, what, text.data(), text.size()); }

void answer(int file, tag what, std::vector<float> const& values) {
    answer(file, what, values.data(), values.size() * sizeof(float));
}

/// Candidates that open but are another library (libblas.so.3 is a link to any BLAS) are passed over.
blas first_match(library_request const& request, std::string& problem) {
    for (auto const& file : request.candidates) {
        std::string reason;
        blas library = open_blas(file, reason);
        if (library.sgemm != nullptr && (request.family.empty() || library.family == request.family)) return library;
        if (problem.empty() && !reason.empty() && request.family.empty()) problem = reason;
    }
    if (problem.empty()) problem = "not found on this machine";
    return {};
}

void work(int file, library_request const& request, lastbit::network<float> const& network,
          lastbit::matrix_view<float const> inputs) {
    std::string problem;
    blas const library = first_match(request, problem);
    if (library.sgemm == nullptr) return answer(file, tag::absent, problem);
    answer(file, tag::path, library.path);
    answer(file, tag::version, library.version);
    answer(file, tag::batch, forward_batch(library, network, inputs));
    answer(file, tag::single, forward_single(library, network, inputs));
}

std::vector<float> floats(char const* data, std::size_t size) {
    std::vector<float> values(size / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), data, values.size() * sizeof(float));
    return values;
}

/// What arrived whole counts; a crash may cut the last part.
void parse(std::vector<char> const& bytes, library_result& result) {
    std::uint64_t head[2];
    for (std::size_t at = 0; bytes.size() - at >= sizeof head;) {
        std::memcpy(head, bytes.data() + at, sizeof head);
        at += sizeof head;
        if (bytes.size() - at < head[1]) return;
        auto const size = static_cast<std::size_t>(head[1]);
        char const* const data = bytes.data() + at;
        switch (static_cast<tag>(head[0])) {
            case tag::absent:
                result.absent.assign(data, size);
                break;
            case tag::path:
                result.path.assign(data, size);
                break;
            case tag::version:
                result.version.assign(data, size);
                break;
            case tag::batch:
                result.runs[0].values = floats(data, size);
                break;
            case tag::single:
                result.runs[1].values = floats(data, size);
                break;
        }
        at += size;
    }
}

}  // namespace

std::vector<library_request> usual_libraries() {
    return {{"openblas",
             candidates({"openblas-pthread", "openblas-openmp", "openblas-serial"},
                        {"libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0"}),
             "openblas"},
            {"blis",
             candidates({"blis-pthread", "blis-openmp", "blis-serial"}, {"libblis.so.4", "libblis.so.3", "libblis.so"}),
             "blis"},
            {"refblas", candidates({"blas"}, {"libblas.so.3", "libblas.so"}), "refblas"}};
}

library_result run_library(library_request const& request, lastbit::network<float> const& network,
                           lastbit::matrix_view<float const> inputs) {
    finished_child const child = run_child([&](int file) { work(file, request, network, inputs); }, patience_seconds);
    library_result result{
        request.name, {}, {}, {}, {{request.name + "/batch", {}, {}}, {request.name + "/single", {}, {}}}};
    parse(child.bytes, result);
    std::size_t const expected = inputs.rows() * network.outputs();
    if (result.absent.empty() && result.path.empty()) result.absent = child.failure + " while it was loaded";
    if (!result.absent.empty()) result.runs.clear();
    for (auto& run : result.runs)
        if (run.values.size() != expected) run = {run.name, {}, child.failure};
    return result;
}

}  // namespace program
