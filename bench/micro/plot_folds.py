# SPDX-License-Identifier: BSL-1.0
"""Draws docs/images/correctly_rounded_folds.svg from what lastbit_bench_folds printed, with gnuplot:

    python3 bench/micro/plot_folds.py bench/results/rounded_folds_avx512.txt docs/images/correctly_rounded_folds.svg
"""
import re
import subprocess
import sys

COLOURS = {"float64": "#0072b2", "float32": "#d55e00"}
PEERS = {"sum": "loop", "dot": "OpenBLAS"}
LINE = re.compile(r"(fall-back of )?(sum|dot) (\S+) / .*?\s(\d+)\s+([\d.]+)\s+([\d.]+)\s")


def main():
    source, target = sys.argv[1:]
    points = {}
    for line in open(source, encoding="utf-8"):
        if found := LINE.match(line):
            fall_back, kernel, number, n, ours, peer = found.groups()
            points.setdefault((kernel, number, bool(fall_back)), []).append((int(n), float(ours), float(peer)))
    script = [
        'set terminal svg size 960,420 font "sans-serif,13" background "white"', f'set output "{target}"',
        "set multiplot layout 1,2", "set logscale xy", 'set format x "10^{%L}"', 'set xlabel "terms"',
        'set ylabel "ns a term"', "set grid", "set key top right"]
    for kernel, peer in PEERS.items():
        curves, data = [], []
        for number, colour in COLOURS.items():
            for fall_back, column, style, title in (
                    (False, 1, "linespoints lw 2 pt 7 ps 0.5", "correctly rounded"),
                    (False, 2, "lines lw 2 dt 2", peer),
                    (True, 1, "lines lw 1 dt 3", "fall-back only")):
                curves.append(f"'-' using 1:2 with {style} lc rgb '{colour}' title '{number}, {title}'")
                data += [f"{row[0]} {row[column]}" for row in points[kernel, number, fall_back]] + ["e"]
        script += [f'set title "{kernel}"', "plot " + ", ".join(curves), *data]
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)


main()
