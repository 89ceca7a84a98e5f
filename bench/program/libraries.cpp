// SPDX-License-Identifier: BSL-1.0
#include "libraries.hpp"

#include "blas.hpp"
#include "user_error.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
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

void write_all(int file, void const* data, std::size_t size) {
    auto const* next = static_cast<char const*>(data);
    while (size > 0) {
        ssize_t const written = ::write(file, next, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) _exit(3);
        next += written;
        size -= static_cast<std::size_t>(written);
    }
}

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

/// Whatever a library prints is dropped, so that standard output stays ours.
void silence() {
    int const null = ::open("/dev/null", O_WRONLY);
    if (null < 0) return;
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    if (null > STDERR_FILENO) ::close(null);
}

[[noreturn]] void child(int file, library_request const& request, lastbit::network<float> const& network,
                        lastbit::matrix_view<float const> inputs) {
    ::alarm(patience_seconds);
    silence();
    try {
        std::string problem;
        blas const library = first_match(request, problem);
        if (library.sgemm == nullptr) {
            answer(file, tag::absent, problem);
            _exit(0);
        }
        answer(file, tag::path, library.path);
        answer(file, tag::version, library.version);
        answer(file, tag::batch, forward_batch(library, network, inputs));
        answer(file, tag::single, forward_single(library, network, inputs));
    } catch (std::exception const&) {
        _exit(4);
    }
    _exit(0);
}

/// A pipe whose ends are none of the standard streams, which may be closed: a library may write there.
bool open_pipe(int (&ends)[2]) {
    int low[2];
    if (::pipe(low) != 0) return false;
    for (std::size_t k = 0; k < 2; ++k) ends[k] = ::fcntl(low[k], F_DUPFD, STDERR_FILENO + 1);
    for (int const file : low) ::close(file);
    if (ends[0] >= 0 && ends[1] >= 0) return true;
    for (int const file : ends)
        if (file >= 0) ::close(file);
    return false;
}

/// A child process and what it has written so far.
struct reading {
    pid_t process;
    int file;
    std::vector<char> bytes{};
    int status = 0;
    bool ended = false, late = false;

    /// Whether the child has ended.
    bool look() { return ended = ended || ::waitpid(process, &status, WNOHANG) == process; }

    /// Reads once; false at the end of the pipe, or if nothing comes within `milliseconds`.
    bool read_some(int milliseconds, bool& at_end) {
        pollfd wait{file, POLLIN, 0};
        if (::poll(&wait, 1, milliseconds) <= 0) return false;
        char block[65536];
        ssize_t const got = ::read(file, block, sizeof block);
        if (got < 0 && errno == EINTR) return false;
        at_end = got <= 0;
        if (got > 0) bytes.insert(bytes.end(), block, block + got);
        return got > 0;
    }

    /// Until the child has ended and the pipe is empty: processes that a library left behind may hold it open.
    void run() {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(patience_seconds + 5);
        for (bool at_end = false;;) {
            bool const over = look();
            if (!over && std::chrono::steady_clock::now() > deadline) {
                late = true;
                ::kill(process, SIGKILL);
                while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
                }
                return;
            }
            bool const more = !at_end && read_some(over ? 0 : 20, at_end);
            if (over && !more) return;
            if (at_end && !over) ::poll(nullptr, 0, 1);
        }
    }
};

std::string how_it_ended(reading const& child) {
    int const status = child.status;
    if (child.late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM))
        return fmt::format("not done after {} s", patience_seconds);
    if (WIFSIGNALED(status)) return fmt::format("the library crashed ({})", ::strsignal(WTERMSIG(status)));
    return fmt::format("the library ended the process (status {})", WEXITSTATUS(status));
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
    int ends[2];
    if (!open_pipe(ends)) throw std::runtime_error("no pipe for a child process: " + std::string(std::strerror(errno)));
    pid_t const process = ::fork();
    if (process < 0) throw std::runtime_error("no child process: " + std::string(std::strerror(errno)));
    if (process == 0) {
        ::close(ends[0]);
        child(ends[1], request, network, inputs);
    }
    ::close(ends[1]);
    library_result result{
        request.name, {}, {}, {}, {{request.name + "/batch", {}, {}}, {request.name + "/single", {}, {}}}};
    reading answers{process, ends[0]};
    answers.run();
    parse(answers.bytes, result);
    ::close(ends[0]);
    std::size_t const expected = inputs.rows() * network.outputs();
    if (result.absent.empty() && result.path.empty()) result.absent = how_it_ended(answers) + " while it was loaded";
    if (!result.absent.empty()) result.runs.clear();
    for (auto& run : result.runs)
        if (run.values.size() != expected) run = {run.name, {}, how_it_ended(answers)};
    return result;
}

}  // namespace program
