// What the Android kit uses of an app's context, as its documentation has it; nothing of it runs.

package android.content

import android.content.res.AssetManager

abstract class Context {
    abstract val assets: AssetManager
}
