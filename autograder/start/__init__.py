"""What happens before the course's own commands run: .venv is made, the locked packages are installed into it.

Standard library only, since nothing else is there yet. `command` is the way through it. What is remembered lies in
.venv itself, in files of these names:

    .autograder         this folder was made here and may be emptied; locked while something is installed
    .autograder-whole   where and for which Python it was made. Not there while an installer runs, so
                        that one killed half-way leaves a folder which the next start makes anew
    .autograder-SET     the lock as it was when this set of packages was installed
    install.log         what the installer said last
"""
