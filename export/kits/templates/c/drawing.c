#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BOX {{ contract.box }}  // to which the ink's longer side is scaled, in pixels
#define CENTRE {{ contract.centre | number }}  // where its centre of mass goes, as a fraction of the sides
#define BACKGROUND {{ contract.background }}  // grey levels
#define INK {{ contract.ink }}
#define SPECK {{ speck | number }}  // a part whose longer side is below this fraction of the largest part's is a stray dot
#define FULL_INK 255

static const char *const NO_MEMORY = "expected memory for a drawing, found none";

typedef struct {
    size_t top, bottom, left, right;  // its first and last row and column
} Bounds;

static size_t longer_side(Bounds part) {
    const size_t rows = part.bottom - part.top + 1, columns = part.right - part.left + 1;
    return rows > columns ? rows : columns;
}

static void extend(Bounds *part, size_t row, size_t column) {
    if (row < part->top) part->top = row;
    if (row > part->bottom) part->bottom = row;
    if (column < part->left) part->left = column;
    if (column > part->right) part->right = column;
}

// Finds the part of the ink that a pixel belongs to; pixels are connected in eight directions.
// pixels becomes the list of its pixels, seen is 1 for each of them. Returns their count.
static size_t part_from(size_t first, const uint8_t *ink, size_t rows, size_t columns, uint8_t *seen, size_t *pixels,
                        Bounds *part) {
    size_t count = 0;
    *part = (Bounds){first / columns, first / columns, first % columns, first % columns};
    seen[first] = 1;
    pixels[count++] = first;
    for (size_t next = 0; next < count; next++) {
        const size_t row = pixels[next] / columns, column = pixels[next] % columns;
        extend(part, row, column);
        for (size_t y = row ? row - 1 : 0; y <= row + 1 && y < rows; y++) {
            for (size_t x = column ? column - 1 : 0; x <= column + 1 && x < columns; x++) {
                const size_t neighbour = y * columns + x;
                if (!ink[neighbour] || seen[neighbour]) continue;
                seen[neighbour] = 1;
                pixels[count++] = neighbour;
            }
        }
    }
    return count;
}

// Takes the stray dots out of a drawing.
static bool without_specks(uint8_t *ink, size_t rows, size_t columns) {
    const size_t size = rows * columns;
    uint8_t *seen = calloc(size, sizeof *seen);
    size_t *pixels = malloc(size * sizeof *pixels);
    const bool enough = seen && pixels;
    size_t largest = 0;
    Bounds part;
    for (size_t pixel = 0; enough && pixel < size; pixel++) {
        if (!ink[pixel] || seen[pixel]) continue;
        part_from(pixel, ink, rows, columns, seen, pixels, &part);
        if (longer_side(part) > largest) largest = longer_side(part);
    }
    if (enough) memset(seen, 0, size);
    for (size_t pixel = 0; enough && pixel < size; pixel++) {
        if (!ink[pixel] || seen[pixel]) continue;
        const size_t count = part_from(pixel, ink, rows, columns, seen, pixels, &part);
        if ((double)longer_side(part) >= SPECK * (double)largest) continue;
        for (size_t next = 0; next < count; next++) ink[pixels[next]] = 0;
    }
    free(seen);
    free(pixels);
    return enough;
}

static bool bounds_of_ink(const uint8_t *ink, size_t rows, size_t columns, Bounds *found) {
    *found = (Bounds){rows, 0, columns, 0};
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            if (ink[row * columns + column]) extend(found, row, column);
        }
    }
    return found->top < rows;
}

static double centre_of_mass(const double *mass, size_t count) {
    double moment = 0, total = 0;
    for (size_t line = 0; line < count; line++) {
        moment += mass[line] * ((double)line + 0.5);
        total += mass[line];
    }
    return moment / total;
}

// How much of each pixel of the result each line of the crop covers.
static void coverage(const double *mass, size_t count, double scale, size_t size, double *covered) {
    double start = CENTRE * (double)size - centre_of_mass(mass, count) * scale;
    start = fmin(fmax(start, 0.0), (double)size - (double)count * scale);
    for (size_t target = 0; target < size; target++) {
        for (size_t line = 0; line < count; line++) {
            const double from = fmax(start + (double)line * scale, (double)target);
            const double to = fmin(start + (double)(line + 1) * scale, (double)(target + 1));
            covered[target * count + line] = fmax(to - from, 0.0);
        }
    }
}

// Scales what lies within the bounds of the ink, and centres it.
static bool scaled_and_centred(const uint8_t *ink, size_t stride, Bounds bounds, uint8_t *image) {
    const uint8_t *crop = ink + bounds.top * stride + bounds.left;
    const size_t rows = bounds.bottom - bounds.top + 1, columns = bounds.right - bounds.left + 1;
    const double scale = (double)BOX / (double)longer_side(bounds);
    double *row_mass = calloc(rows, sizeof *row_mass), *column_mass = calloc(columns, sizeof *column_mass);
    double *down = malloc(MODEL_HEIGHT * rows * sizeof *down), *across = malloc(MODEL_WIDTH * columns * sizeof *across);
    double *band = malloc(columns * sizeof *band);
    const bool enough = row_mass && column_mass && down && across && band;
    for (size_t row = 0; enough && row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            row_mass[row] += crop[row * stride + column];
            column_mass[column] += crop[row * stride + column];
        }
    }
    if (enough) coverage(row_mass, rows, scale, MODEL_HEIGHT, down);
    if (enough) coverage(column_mass, columns, scale, MODEL_WIDTH, across);
    for (size_t y = 0; enough && y < MODEL_HEIGHT; y++) {
        for (size_t column = 0; column < columns; column++) {
            band[column] = 0;
            for (size_t row = 0; row < rows; row++) band[column] += down[y * rows + row] * crop[row * stride + column];
        }
        for (size_t x = 0; x < MODEL_WIDTH; x++) {
            double amount = 0;
            for (size_t column = 0; column < columns; column++) amount += band[column] * across[x * columns + column];
            image[y * MODEL_WIDTH + x] = (uint8_t)floor(BACKGROUND + amount / FULL_INK * (INK - BACKGROUND) + 0.5);
        }
    }
    free(row_mass);
    free(column_mass);
    free(down);
    free(across);
    free(band);
    return enough;
}

const char *image_of(const uint8_t *ink, size_t rows, size_t columns, uint8_t *image) {
    const size_t size = rows * columns;
    memset(image, BACKGROUND, MODEL_BYTES);
    if (!size) return NULL;
    uint8_t *kept = malloc(size);
    if (!kept) return NO_MEMORY;
    memcpy(kept, ink, size);
    Bounds bounds;
    bool enough = without_specks(kept, rows, columns);
    if (enough && bounds_of_ink(kept, rows, columns, &bounds)) {
        enough = scaled_and_centred(kept, columns, bounds, image);
    }
    free(kept);
    return enough ? NULL : NO_MEMORY;
}
