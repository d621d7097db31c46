// What the Android kit uses of Android's bitmaps, as its documentation has it; nothing of it runs.

package android.graphics

class Bitmap private constructor() {
    val width: Int get() = TODO()
    val height: Int get() = TODO()

    fun getPixels(pixels: IntArray, offset: Int, stride: Int, x: Int, y: Int, width: Int, height: Int): Unit =
        TODO("$pixels $offset $stride $x $y $width $height")
}
