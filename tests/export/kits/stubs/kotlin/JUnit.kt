// What the Android kit uses of JUnit, as its documentation has it; nothing of it runs.

package org.junit

annotation class Test

object Assert {
    fun assertEquals(message: String, expected: Any?, actual: Any?): Unit = TODO("$message $expected $actual")

    fun assertEquals(message: String, expected: Float, actual: Float, delta: Float): Unit =
        TODO("$message $expected $actual $delta")
}
