"""The review desk: its pages, the fragments that they fetch and the endpoints that they send decisions to."""
