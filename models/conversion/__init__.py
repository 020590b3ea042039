"""Published weights of small networks, from TFLite and TensorFlow.js to ONNX, while they are loaded.

onnxruntime runs them on whatever the computer has; neither TensorFlow nor anybody's loader code is needed.  Only the
operations that our networks use are known: anything else is a `ConversionError` that names it.
"""
