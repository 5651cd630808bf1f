"""The texts' editor: what is wrong with the texts of the reports, found before there is a month to report."""
