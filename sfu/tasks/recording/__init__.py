"""What is made of a recording when it is over: voices apart, a film, and a bundle that proves what is in it."""
