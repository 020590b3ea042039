import QtQuick
import QtQuick.Window

// A screen or pane that is built a little at a time, so that sound, pictures and keys never wait for it.
Loader {
    id: loader

    property var wish: null

    // Does it with the item as soon as there is one, unless something else is to be shown by then.
    function then(act: var): void {
        if (status === Loader.Ready) act(item)
        else wish = { act: act, component: sourceComponent }
    }

    asynchronous: Window.window?.gradual ?? false
    onLoaded: {
        const due = wish
        wish = null
        if (due && due.component === sourceComponent) due.act(item)
    }
}
