// Pixels of a drawing's bitmap: black, white, red, half transparent black, and nothing.

package inkproof.kit

private val PIXELS = intArrayOf(-0x1000000, -1, -0x10000, Int.MIN_VALUE, 0)

fun converted(): ByteArray = drawingOf(PIXELS, 1, 5).ink + drawingOf(PIXELS, 1, 5, lightInk = true).ink
