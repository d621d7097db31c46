#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace model {
namespace {

constexpr double BOX = {{ contract.box }};  // to which the ink's longer side is scaled, in pixels
constexpr double CENTRE = {{ contract.centre | number }};  // where its centre of mass goes, as a fraction of the sides
constexpr std::uint8_t BACKGROUND = {{ contract.background }}, INK = {{ contract.ink }};  // grey levels
constexpr double SPECK = {{ speck | number }};  // a part whose longer side is below this fraction of the largest part's is a stray dot
constexpr double FULL_INK = 255;

struct Bounds {
    std::size_t top, bottom, left, right;  // its first and last row and column

    void extend(std::size_t row, std::size_t column) {
        top = std::min(top, row);
        bottom = std::max(bottom, row);
        left = std::min(left, column);
        right = std::max(right, column);
    }
    std::size_t rows() const { return bottom - top + 1; }
    std::size_t columns() const { return right - left + 1; }
    std::size_t longer_side() const { return std::max(rows(), columns()); }
};

struct Part {
    std::vector<std::size_t> pixels;
    Bounds bounds;
};

// The part of the ink that a pixel belongs to; pixels are connected in eight directions. seen becomes true for its own.
Part part_from(std::size_t first, const Drawing &drawing, std::vector<bool> &seen) {
    const auto &[rows, columns, ink] = drawing;
    Part part{{ "{{" }}first}, {first / columns, first / columns, first % columns, first % columns}};
    seen[first] = true;
    for (std::size_t next = 0; next < part.pixels.size(); next++) {
        const std::size_t row = part.pixels[next] / columns, column = part.pixels[next] % columns;
        part.bounds.extend(row, column);
        for (std::size_t y = row ? row - 1 : 0; y <= row + 1 && y < rows; y++) {
            for (std::size_t x = column ? column - 1 : 0; x <= column + 1 && x < columns; x++) {
                const std::size_t neighbour = y * columns + x;
                if (!ink[neighbour] || seen[neighbour]) continue;
                seen[neighbour] = true;
                part.pixels.push_back(neighbour);
            }
        }
    }
    return part;
}

// The drawing without stray dots.
Drawing without_specks(Drawing drawing) {
    std::vector<Part> parts;
    std::vector<bool> seen(drawing.ink.size());
    std::size_t largest = 0;
    for (std::size_t pixel = 0; pixel < drawing.ink.size(); pixel++) {
        if (!drawing.ink[pixel] || seen[pixel]) continue;
        parts.push_back(part_from(pixel, drawing, seen));
        largest = std::max(largest, parts.back().bounds.longer_side());
    }
    for (const Part &part : parts) {
        if (static_cast<double>(part.bounds.longer_side()) >= SPECK * static_cast<double>(largest)) continue;
        for (const std::size_t pixel : part.pixels) drawing.ink[pixel] = 0;
    }
    return drawing;
}

std::optional<Bounds> bounds_of_ink(const Drawing &drawing) {
    Bounds found{drawing.rows, 0, drawing.columns, 0};
    for (std::size_t row = 0; row < drawing.rows; row++) {
        for (std::size_t column = 0; column < drawing.columns; column++) {
            if (drawing.ink[row * drawing.columns + column]) found.extend(row, column);
        }
    }
    return found.top < drawing.rows ? std::optional(found) : std::nullopt;
}

double centre_of_mass(const std::vector<double> &mass) {
    double moment = 0, total = 0;
    for (std::size_t line = 0; line < mass.size(); line++) {
        moment += mass[line] * (static_cast<double>(line) + 0.5);
        total += mass[line];
    }
    return moment / total;
}

// How much of each pixel of the result each line of the crop covers.
std::vector<std::vector<double>> coverage(const std::vector<double> &mass, double scale, std::size_t size) {
    const double count = static_cast<double>(mass.size()), side = static_cast<double>(size);
    double start = CENTRE * side - centre_of_mass(mass) * scale;
    start = std::min(std::max(start, 0.0), side - count * scale);
    std::vector<std::vector<double>> covered(size, std::vector<double>(mass.size()));
    for (std::size_t target = 0; target < size; target++) {
        for (std::size_t line = 0; line < mass.size(); line++) {
            const double from = std::max(start + static_cast<double>(line) * scale, static_cast<double>(target));
            const double to = std::min(start + static_cast<double>(line + 1) * scale, static_cast<double>(target + 1));
            covered[target][line] = std::max(to - from, 0.0);
        }
    }
    return covered;
}

}  // namespace

Image image_of(const Drawing &given) {
    if (given.ink.size() != given.rows * given.columns) {
        throw std::invalid_argument("expected one byte of ink a pixel, found more or fewer");
    }
    Image image(HEIGHT * WIDTH, BACKGROUND);
    const Drawing drawing = without_specks(given);
    const std::optional<Bounds> bounds = bounds_of_ink(drawing);
    if (!bounds) return image;
    const std::size_t rows = bounds->rows(), columns = bounds->columns();
    const auto crop = [&](std::size_t row, std::size_t column) {
        return static_cast<double>(drawing.ink[(bounds->top + row) * drawing.columns + bounds->left + column]);
    };
    std::vector<double> row_mass(rows), column_mass(columns);
    for (std::size_t row = 0; row < rows; row++) {
        for (std::size_t column = 0; column < columns; column++) {
            row_mass[row] += crop(row, column);
            column_mass[column] += crop(row, column);
        }
    }
    const double scale = BOX / static_cast<double>(bounds->longer_side());
    const auto down = coverage(row_mass, scale, HEIGHT), across = coverage(column_mass, scale, WIDTH);
    std::vector<double> band(columns);
    for (std::size_t y = 0; y < HEIGHT; y++) {
        for (std::size_t column = 0; column < columns; column++) {
            band[column] = 0;
            for (std::size_t row = 0; row < rows; row++) band[column] += down[y][row] * crop(row, column);
        }
        for (std::size_t x = 0; x < WIDTH; x++) {
            double amount = 0;
            for (std::size_t column = 0; column < columns; column++) amount += band[column] * across[x][column];
            const double grey = BACKGROUND + amount / FULL_INK * (INK - BACKGROUND);
            image[y * WIDTH + x] = static_cast<std::uint8_t>(std::floor(grey + 0.5));
        }
    }
    return image;
}

}  // namespace model
