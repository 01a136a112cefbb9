"""Composes the product: settings, factory, navigation, home, error pages, command line."""
