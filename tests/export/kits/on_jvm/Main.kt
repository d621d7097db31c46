// Runs what an Android kit has that needs no Android, and prints what it finds: test_android.py reads it.

package inkproof.kit

import java.io.File
import kotlin.math.abs

fun main(arguments: Array<String>) {
    val golden = Golden { name -> File(arguments[0], name).readBytes() }
    val differences = golden.examples().map { example ->
        val found = imageOf(example.given)
        found.indices.maxOf { abs(level(found[it]) - level(example.image[it])) }
    }
    println("differences ${differences.joinToString(" ")}")
    println("wrong ${golden.wrongExamples().joinToString(" ")}")
    val nought = FloatArray(LABELS.size)
    println("largest ${VARIANTS.joinToString(" ") { golden.difference(it) { nought }.toString() }}")
    val numbers = floatArrayOf(-3f, 0f, 0.25f, 0.75f, 1.25f, 100f, 200f)
    println("quantized ${Numbers(0.5f, 3).quantized(numbers).joinToString(" ") { level(it).toString() }}")
    println("scaled ${Numbers(0.5f, 3).scaledBack(byteArrayOf(-1, 0, 3)).joinToString(" ")}")
    println("converted ${converted().joinToString(" ") { level(it).toString() }}")
    println("labels ${LABELS.joinToString("\t")}")
}
