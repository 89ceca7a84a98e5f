// SPDX-License-Identifier: BSL-1.0
#include "child_process.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <exception>
#include <stdexcept>

namespace program {
namespace {

/// Whatever a library prints is dropped, so that standard output stays ours.
void silence() {
    int const null = ::open("/dev/null", O_WRONLY);
    if (null < 0) return;
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    if (null > STDERR_FILENO) ::close(null);
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
    unsigned seconds;
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
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds + 5);
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

}  // namespace

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

finished_child run_child(std::function<void(int)> const& work, unsigned seconds) {
    int ends[2];
    if (!open_pipe(ends)) throw std::runtime_error("no pipe for a child process: " + std::string(std::strerror(errno)));
    pid_t const process = ::fork();
    if (process < 0) throw std::runtime_error("no child process: " + std::string(std::strerror(errno)));
    if (process == 0) {
        ::close(ends[0]);
        ::alarm(seconds);
        silence();
        try {
            work(ends[1]);
        } catch (std::exception const&) {
            _exit(4);
        }
        _exit(0);
    }
    ::close(ends[1]);
    reading answers{process, ends[0], seconds};
    answers.run();
    ::close(ends[0]);
    finished_child result{std::move(answers.bytes), {}, false};
    int const status = answers.status;
    if (answers.late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)) {
        result.failure = fmt::format("not done after {} s", seconds);
        result.late = true;
    } else if (WIFSIGNALED(status)) {
        result.failure = fmt::format("the library crashed ({})", ::strsignal(WTERMSIG(status)));
    } else {
        result.failure = fmt::format("the library ended the process (status {})", WEXITSTATUS(status));
    }
    return result;
}

}  // namespace program
