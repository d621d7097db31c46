// Pixels of a picture's bitmap, 0xAARRGGBB.

package inkproof.kit

fun converted(): ByteArray = pictureOf(intArrayOf(-0x1000000, -1, 0x12345678), 1, 3).rgb
