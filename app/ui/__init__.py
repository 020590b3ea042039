"""What is drawn: QML, one folder a screen, and the few items that need Python."""
