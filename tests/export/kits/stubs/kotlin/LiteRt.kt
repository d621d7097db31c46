// What the Android kit uses of LiteRT 2.3.0's Kotlin API, as its documentation has it; nothing of it runs.

package com.google.ai.edge.litert

import android.content.res.AssetManager

enum class Accelerator { NONE, CPU, GPU, NPU }

abstract class JniHandle internal constructor() : AutoCloseable {
    final override fun close(): Unit = TODO()
}

class Environment private constructor() : JniHandle()

class TensorBuffer private constructor() : JniHandle() {
    fun writeInt(data: IntArray): Unit = TODO()

    fun writeFloat(data: FloatArray): Unit = TODO()

    fun writeInt8(data: ByteArray): Unit = TODO()

    fun readInt(): IntArray = TODO()

    fun readFloat(): FloatArray = TODO()

    fun readInt8(): ByteArray = TODO()
}

class CompiledModel private constructor() : JniHandle() {
    class Options(vararg accelerators: Accelerator) {
        val chosen = accelerators.toSet()
    }

    fun createInputBuffers(signatureIndex: Int = 0): List<TensorBuffer> = TODO("$signatureIndex")

    fun createOutputBuffers(signatureIndex: Int = 0): List<TensorBuffer> = TODO("$signatureIndex")

    fun run(inputs: List<TensorBuffer>, outputs: List<TensorBuffer>, signatureIndex: Int = 0): Unit =
        TODO("$inputs $outputs $signatureIndex")

    companion object {
        fun create(
            assetManager: AssetManager,
            assetName: String,
            options: Options = Options(Accelerator.CPU),
            optionalEnv: Environment? = null,
        ): CompiledModel = TODO("$assetManager $assetName $options $optionalEnv")
    }
}
