"""The Buy Canadian policy of Canada's federal government: one file for each rule."""
