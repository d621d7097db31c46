// What the Android kit uses of AndroidX's tests, as its documentation has it; nothing of it runs.

package androidx.test.ext.junit.runners

class AndroidJUnit4 : org.junit.runner.Runner()
