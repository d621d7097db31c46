// What the Android kit uses of JUnit, as its documentation has it; nothing of it runs.

package org.junit.runner

import kotlin.reflect.KClass

abstract class Runner

annotation class RunWith(val value: KClass<out Runner>)
