"""Eight lessons as notebooks, which come with the package, and what reads and plays them."""

from steepest.lessons.lesson import Cell, Lesson, copy_to, lesson_named, lessons

__all__ = ["Cell", "Lesson", "copy_to", "lesson_named", "lessons"]
