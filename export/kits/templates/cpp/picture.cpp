#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace model {
namespace {

constexpr std::size_t COLOURS = 3;

struct Sample {
    std::size_t first, second;  // pixels along a side
    double fraction;            // how far from the first to the second, 0..1
};

// Between which two pixels each pixel of the result lies along a side, and how far from the first.
std::vector<Sample> samples(std::size_t given, std::size_t wanted) {
    std::vector<Sample> found;
    for (std::size_t pixel = 0; pixel < wanted; pixel++) {
        const double centre = (static_cast<double>(pixel) + 0.5) * static_cast<double>(given);
        const double place = centre / static_cast<double>(wanted) - 0.5;
        const double before = std::floor(place);
        const auto first = static_cast<std::size_t>(std::max(before, 0.0));
        const auto second = static_cast<std::size_t>(std::min(std::ceil(place), static_cast<double>(given - 1)));
        found.push_back({first, second, place - before});
    }
    return found;
}

double between(double start, double end, double fraction) { return start + (end - start) * fraction; }

{% if contract.channels == 1 %}
// As Pillow has it.
std::uint8_t level(const std::uint8_t *pixel, std::size_t) {
    return static_cast<std::uint8_t>((pixel[0] * {{ grey[0] }}u + pixel[1] * {{ grey[1] }}u + pixel[2] * {{ grey[2] }}u + 0x8000u) >> 16);
}
{% else %}
std::uint8_t level(const std::uint8_t *pixel, std::size_t channel) { return pixel[channel]; }
{% endif %}

double across(const std::uint8_t *row, const Sample &sample, std::size_t channel) {
    const std::uint8_t start = level(row + sample.first * COLOURS, channel);
    const std::uint8_t end = level(row + sample.second * COLOURS, channel);
    return between(start, end, sample.fraction);
}

}  // namespace

Image image_of(const Picture &picture) {
    const std::size_t rows = picture.rows, columns = picture.columns;
    if (!rows || !columns || picture.colours.size() != rows * columns * COLOURS) {
        throw std::invalid_argument("expected red, green and blue of each pixel, found more or fewer bytes");
    }
    auto height = static_cast<std::size_t>(static_cast<double>(columns * HEIGHT) / static_cast<double>(WIDTH));
    auto width = static_cast<std::size_t>(static_cast<double>(rows * WIDTH) / static_cast<double>(HEIGHT));
    height = std::max<std::size_t>(std::min(rows, height), 1);
    width = std::max<std::size_t>(std::min(columns, width), 1);
    const std::size_t top = (rows - height) / 2, left = (columns - width) / 2;
    const std::uint8_t *part = picture.colours.data() + (top * columns + left) * COLOURS;
    const std::vector<Sample> in_row = samples(width, WIDTH);
    Image image;
    for (const Sample &in_column : samples(height, HEIGHT)) {
        const std::uint8_t *first = part + in_column.first * columns * COLOURS;
        const std::uint8_t *second = part + in_column.second * columns * COLOURS;
        for (const Sample &sample : in_row) {
            for (std::size_t channel = 0; channel < CHANNELS; channel++) {
                const double above = across(first, sample, channel), below = across(second, sample, channel);
                image.push_back(static_cast<std::uint8_t>(std::floor(between(above, below, in_column.fraction) + 0.5)));
            }
        }
    }
    return image;
}

}  // namespace model
