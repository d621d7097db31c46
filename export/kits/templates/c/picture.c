#include <math.h>

#define COLOURS 3

typedef struct {
    size_t first, second;  // pixels along a side
    double fraction;       // how far from the first to the second, 0..1
} Sample;

// Between which two pixels each pixel of the result lies along a side, and how far from the first.
static void samples(size_t given, size_t wanted, Sample *found) {
    for (size_t pixel = 0; pixel < wanted; pixel++) {
        const double place = ((double)pixel + 0.5) * (double)given / (double)wanted - 0.5;
        const double before = floor(place);
        found[pixel].first = (size_t)fmax(before, 0.0);
        found[pixel].second = (size_t)fmin(ceil(place), (double)(given - 1));
        found[pixel].fraction = place - before;
    }
}

static double between(double start, double end, double fraction) { return start + (end - start) * fraction; }

{% if contract.channels == 1 %}
// As Pillow has it.
static uint8_t level(const uint8_t *pixel, size_t channel) {
    (void)channel;
    return (uint8_t)((pixel[0] * {{ grey[0] }}u + pixel[1] * {{ grey[1] }}u + pixel[2] * {{ grey[2] }}u + 0x8000u) >> 16);
}
{% else %}
static uint8_t level(const uint8_t *pixel, size_t channel) { return pixel[channel]; }
{% endif %}

static double across(const uint8_t *row, Sample sample, size_t channel) {
    const uint8_t start = level(row + sample.first * COLOURS, channel);
    const uint8_t end = level(row + sample.second * COLOURS, channel);
    return between(start, end, sample.fraction);
}

const char *image_of(const uint8_t *picture, size_t rows, size_t columns, uint8_t *image) {
    if (!rows || !columns) return "expected a picture, found one without pixels";
    size_t height = (size_t)((double)(columns * MODEL_HEIGHT) / MODEL_WIDTH);
    size_t width = (size_t)((double)(rows * MODEL_WIDTH) / MODEL_HEIGHT);
    if (height > rows) height = rows;
    if (width > columns) width = columns;
    if (!height) height = 1;
    if (!width) width = 1;
    const uint8_t *part = picture + ((rows - height) / 2 * columns + (columns - width) / 2) * COLOURS;
    Sample in_row[MODEL_WIDTH], in_column[MODEL_HEIGHT];
    samples(width, MODEL_WIDTH, in_row);
    samples(height, MODEL_HEIGHT, in_column);
    for (size_t y = 0; y < MODEL_HEIGHT; y++) {
        const uint8_t *first = part + in_column[y].first * columns * COLOURS;
        const uint8_t *second = part + in_column[y].second * columns * COLOURS;
        for (size_t x = 0; x < MODEL_WIDTH; x++) {
            for (size_t channel = 0; channel < MODEL_CHANNELS; channel++) {
                const double above = across(first, in_row[x], channel), below = across(second, in_row[x], channel);
                *image++ = (uint8_t)floor(between(above, below, in_column[y].fraction) + 0.5);
            }
        }
    }
    return NULL;
}
