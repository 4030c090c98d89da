"""What every explorable is made of: controls, axes, SVG, the panel that ties them together."""
