"""QObjects that announce session state to QML: state comes down, wishes go up.  QtCore only."""
