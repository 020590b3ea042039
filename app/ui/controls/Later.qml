import QtQuick

// A dialog or menu that is built when it is first wanted, so that the screen it belongs to stands sooner.
Loader {
    readonly property bool opened: item !== null && item.opened

    function made(): var {
        active = true
        return item
    }
    function open(): void { made().open() }

    active: false
}
