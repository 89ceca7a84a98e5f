// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/guarded_buffer.hpp>

#include <catch2/catch.hpp>

using namespace lastbit::testing;

namespace {

std::byte read(std::byte* p) { return *static_cast<std::byte volatile*>(p); }
void write(std::byte* p) { *static_cast<std::byte volatile*>(p) = std::byte{1}; }

void expect(guarded_buffer const& buffer, bool writes, bool before, std::size_t distance) {
    auto const fault = buffer.fault();
    REQUIRE(fault.has_value());
    CHECK(fault->write == writes);
    CHECK(fault->before == before);
    CHECK(fault->distance == distance);
}

}  // namespace

TEST_CASE("guarded_buffer: what lies inside the operand is free", "[testing][guarded_buffer]") {
    guarded_buffer buffer(100);
    memory_trap const trap;
    for (placement const where : {placement::at_start, placement::at_end}) {
        std::byte* const p = buffer.place(40, where);
        for (int i = 0; i < 40; ++i) write(p + i);
        CHECK_FALSE(buffer.fault().has_value());
    }
    CHECK_FALSE((static_cast<void>(buffer.place(0, placement::at_end)), buffer.fault().has_value()));
}

TEST_CASE("guarded_buffer: reads beside the guarded end are seen", "[testing][guarded_buffer]") {
    guarded_buffer buffer(100);
    memory_trap const trap;
    read(buffer.place(40, placement::at_end) + 40 + 7);
    expect(buffer, false, false, 8);
    read(buffer.place(40, placement::at_start) - 4);
    expect(buffer, false, true, 4);
    read(buffer.place(40, placement::at_start, 16) - 17);
    expect(buffer, false, true, 17);
    static_cast<void>(buffer.place(40, placement::at_start));
    CHECK_FALSE(buffer.fault().has_value());  // forgotten
    CHECK(read(buffer.place(40, placement::at_start) + 40) == guarded_buffer::canary);
}

TEST_CASE("guarded_buffer: writes are seen on both sides", "[testing][guarded_buffer]") {
    guarded_buffer buffer(100);
    memory_trap const trap;
    write(buffer.place(40, placement::at_end) + 40);
    expect(buffer, true, false, 1);
    write(buffer.place(40, placement::at_end) - 3);
    expect(buffer, true, true, 3);
    write(buffer.place(40, placement::at_start) + 41);
    expect(buffer, true, false, 2);
    std::byte* const p = buffer.place(40, placement::at_start);
    read(p - 1);
    write(p + 60);
    expect(buffer, true, false, 21);  // writes go first
}

TEST_CASE("guarded_buffer: a page opened once is closed for the next operand", "[testing][guarded_buffer]") {
    guarded_buffer buffer(100);
    memory_trap const trap;
    for (int i = 0; i < 3; ++i) {
        std::byte* const p = buffer.place(8, placement::at_end);
        read(p + 8);
        expect(buffer, false, false, 1);
        write(p + 9);
        expect(buffer, true, false, 2);
    }
}
