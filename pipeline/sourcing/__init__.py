"""The care of manifests: an overview of those there are, a look at what one would bring, a draft for a new site."""
