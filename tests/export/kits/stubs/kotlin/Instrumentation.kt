// What the Android kit uses of AndroidX's tests, as its documentation has it; nothing of it runs.

package androidx.test.platform.app

import android.content.Context

abstract class Instrumentation {
    abstract val context: Context
    abstract val targetContext: Context
}

object InstrumentationRegistry {
    fun getInstrumentation(): Instrumentation = TODO()
}
